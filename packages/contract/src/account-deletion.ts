import { z } from "zod";
import { GivenPassword } from "./fields.ts";

export const DeleteAccount = z.object({ password: GivenPassword }).meta({
  id: "DeleteAccount",
  description: "The password, so that nobody deletes an account by mistake or on a phone left behind.",
  example: { password: "correct horse" },
});
