import type { App } from "../app.ts";
import { findAccounts } from "../features/accounts/accounts.ts";
import { Refusal } from "./refusal.ts";

/** @throws Refusal when no account is named like that, or two are */
export async function accountIdOf(app: App, named: string): Promise<number> {
  const [id, ...others] = await findAccounts(app, named);
  if (id === undefined) throw new Refusal(`There is no account "${named}".`);
  if (others.length > 0) {
    throw new Refusal(
      `"${named}" is the id of one account and the username of another: name it by its e-mail address.`,
    );
  }
  return id;
}
