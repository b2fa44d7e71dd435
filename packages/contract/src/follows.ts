import { z } from "zod";
import { User } from "./accounts.ts";
import { withAliases } from "./aliases.ts";
import { Count } from "./fields.ts";

export const FollowResponse = z
  .strictObject({ changed: z.boolean(), followerCount: Count })
  .meta({ id: "FollowAnswer", description: "Whether something changed, and how many follow that user now." });
export type FollowResponse = z.infer<typeof FollowResponse>;

const Follower = withAliases("Follower", User, {
  id: "Follower",
  description: "Somebody who follows a user.",
});
const Followee = withAliases("Followee", User, {
  id: "Followee",
  description: "Somebody whom a user follows.",
});
export const Followers = z
  .strictObject({ followers: z.array(Follower), total: Count })
  .meta({ id: "Followers", description: "A page of those who follow a user, and how many there are." });
export const Following = z
  .strictObject({ following: z.array(Followee), total: Count })
  .meta({ id: "Following", description: "A page of those whom a user follows, and how many there are." });
