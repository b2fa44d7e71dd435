import { useState } from "react";
import { formatCompact, formatDay, formatNumber } from "../../format.ts";
import { useLanguage } from "../../text/language.tsx";

type Series = { name: string; values: number[] };
type Props = { title: string; days: string[]; series: Series[] };

/* In units of the drawing, which is stretched to its place. */
const DAY_WIDTH = 60;
const HEIGHT = 100;
const BAR_GAP = 2;
/** Of a day's width, what stays empty between it and the next. */
const DAY_GAP = 14;

/** Bars of seven days, and the same numbers as a table. */
export function BarChart(props: Props) {
  const { text } = useLanguage();
  const [isTable, setTable] = useState(false);
  const { title, series } = props;
  return (
    <figure className="card chart">
      <figcaption>
        <h3>{title}</h3>
        <ul aria-hidden={isTable}>
          {series.map(({ name }, index) => (
            <li key={name} className={`series-${index}`}>
              {name}
            </li>
          ))}
        </ul>
        <button type="button" className="link" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
          {isTable ? text.overview.asChart : text.overview.asTable}
          <span className="unseen">: {title}</span>
        </button>
      </figcaption>
      {isTable ? <NumberTable {...props} /> : <Bars {...props} />}
    </figure>
  );
}

function Bars({ title, days, series }: Props) {
  const { language } = useLanguage();
  const most = Math.max(1, ...series.flatMap(({ values }) => values));
  const sums = series.map(({ name, values }) => `${name} ${values.reduce((a, b) => a + b, 0)}`);
  return (
    <>
      <p className="most">{formatCompact(most, language)}</p>
      <svg
        viewBox={`0 0 ${days.length * DAY_WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}: ${sums.join(", ")}`}
      >
        {days.map((day, at) => (
          <DayBars key={day} day={day} at={at} most={most} series={series} />
        ))}
      </svg>
      <ol className="days" aria-hidden="true">
        {days.map((day) => (
          <li key={day}>{formatDay(day, language)}</li>
        ))}
      </ol>
    </>
  );
}

type DayProps = { day: string; at: number; most: number; series: Series[] };

function DayBars({ day, at, most, series }: DayProps) {
  const { language } = useLanguage();
  const barWidth = (DAY_WIDTH - DAY_GAP) / series.length - BAR_GAP;
  return (
    <g transform={`translate(${at * DAY_WIDTH + DAY_GAP / 2} 0)`}>
      {series.map(({ name, values }, index) => {
        const value = values[at] ?? 0;
        const height = (value / most) * HEIGHT;
        return (
          <rect
            key={name}
            className={`series-${index}`}
            x={index * (barWidth + BAR_GAP)}
            y={HEIGHT - height}
            width={barWidth}
            height={height}
          >
            <title>{`${formatDay(day, language)}: ${formatNumber(value, language)} ${name}`}</title>
          </rect>
        );
      })}
    </g>
  );
}

function NumberTable({ title, days, series }: Props) {
  const { language, text } = useLanguage();
  return (
    <table>
      <caption className="unseen">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{text.overview.day}</th>
          {series.map(({ name }) => (
            <th key={name} scope="col" className="amount">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map((day, at) => (
          <tr key={day}>
            <th scope="row">{formatDay(day, language)}</th>
            {series.map(({ name, values }) => (
              <td key={name} className="amount">
                {formatNumber(values[at] ?? 0, language)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
