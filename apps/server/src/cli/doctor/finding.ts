/** What one look at the installation found. */
export type Finding = {
  check: string;
  status: "ok" | "warn" | "fail";
  message: string;
  /** What to do about it; absent when nothing is to be done. */
  advice?: string;
};

export const ok = (check: string, message: string): Finding => ({ check, status: "ok", message });
export const warn = (check: string, message: string, advice: string): Finding => ({
  ...{ check, status: "warn", message, advice },
});
export const fail = (check: string, message: string, advice: string): Finding => ({
  ...{ check, status: "fail", message, advice },
});

/** A look that breaks off has found something, too. */
export async function attempt(check: string, advice: string, look: () => Finding | Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return fail(check, (error as Error).message, advice);
  }
}
