import { Component, type ReactNode } from "react";
import { useText } from "../text/language.tsx";

/** A page whose code cannot be loaded, since a newer version has taken its place, or that fails, offers to be loaded again. */
export class Failure extends Component<{ children: ReactNode }, { error: unknown }> {
  override state = { error: null as unknown };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    return this.state.error === null ? this.props.children : <Reload error={this.state.error} />;
  }
}

function Reload({ error }: { error: unknown }) {
  const text = useText();
  const isOutdated = error instanceof TypeError && /import|module/i.test(error.message);
  return (
    <div className="failed" role="alert">
      <p>{isOutdated ? text.newVersion : text.failedToLoad}</p>
      <button type="button" onClick={() => location.reload()}>
        {text.reload}
      </button>
    </div>
  );
}
