/* Who lives in the demo, and what happens there besides the videos. */

export type Person = { username: string; fullName: string; bio: string };
/** Lines go to and fro between two people; those after `unread` wait for the one they were written to. */
export type Conversation = { lines: [from: string, text: string][]; between: [string, string]; unread: number };
export type Report = {
  by: string;
  on: { video: string } | { user: string } | { comment: string } | { message: string };
  reason: string;
  description?: string;
  decision?: { by: string; status: "resolved" | "rejected"; result: string };
};

export const PASSWORD = "reelay-demo";
export const ADMIN = { username: "admin", fullName: "Hà Phương", bio: "I keep this place friendly." };
export const MODERATOR = { username: "minh.mod", fullName: "Trần Quang Minh", bio: "Điều hành viên. Hãy tử tế." };
export const BANNED = { username: "free.phones", fullName: "FREE PHONES", bio: "Click the link!!!" };

export const CREATORS: Person[] = [
  { username: "linh.dances", fullName: "Nguyễn Thùy Linh", bio: "Street dance · Sài Gòn · lớp tối thứ Ba" },
  { username: "bep.cua.hoa", fullName: "Bếp của Hoa", bio: "Món nhà, nấu trong một phút." },
  { username: "sam.travels", fullName: "Sam Carter", bio: "Slow travel. Currently: Hà Giang loop." },
  { username: "mia.makes", fullName: "Mia Novak", bio: "Paper, ink, patience." },
  { username: "tuan.tech", fullName: "Lê Anh Tuấn", bio: "Thủ thuật điện thoại mỗi ngày" },
];

export const VIEWERS: Person[] = [
  { username: "an.nguyen", fullName: "Nguyễn Văn An", bio: "Xem nhiều, nói ít." },
  { username: "ben.w", fullName: "Ben Walker", bio: "Here for the food." },
  { username: "chi.le", fullName: "Lê Mai Chi", bio: "Thích múa và mèo 🐈" },
  { username: "dave.k", fullName: "Dave Kim", bio: "" },
];

/** Who follows whom. */
export const FOLLOWS: Record<string, string[]> = {
  "an.nguyen": ["linh.dances", "bep.cua.hoa", "sam.travels", "mia.makes", "chi.le"],
  "ben.w": ["bep.cua.hoa", "sam.travels"],
  "chi.le": ["linh.dances", "mia.makes", "an.nguyen"],
  "dave.k": ["tuan.tech", "sam.travels", "linh.dances"],
  "linh.dances": ["mia.makes", "chi.le", "bep.cua.hoa"],
  "bep.cua.hoa": ["linh.dances", "sam.travels"],
  "sam.travels": ["bep.cua.hoa", "an.nguyen", "linh.dances"],
  "mia.makes": ["linh.dances", "sam.travels"],
  "tuan.tech": ["sam.travels"],
  "minh.mod": ["linh.dances", "bep.cua.hoa"],
  "free.phones": ["an.nguyen", "ben.w", "chi.le", "dave.k"],
};

/** Who puts which video aside. */
export const BOOKMARKS: [string, string][] = [
  ["an.nguyen", "Phở gà trong 60 giây"],
  ["an.nguyen", "Hội An lanterns, one take"],
  ["ben.w", "Cà phê trứng tại nhà"],
  ["chi.le", "Popping cơ bản, bài 1"],
  ["linh.dances", "Folding a crane with one hand"],
];

export const CONVERSATIONS: Conversation[] = [
  {
    between: ["linh.dances", "an.nguyen"],
    lines: [
      ["an.nguyen", "Chị Linh ơi lớp tối thứ Ba còn chỗ không ạ?"],
      ["linh.dances", "Còn hai chỗ em nhé!"],
      ["linh.dances", "Mang giày đế phẳng nha"],
      ["linh.dances", "À, tuần này dời sang thứ Tư 🙏"],
    ],
    unread: 2,
  },
  {
    between: ["sam.travels", "an.nguyen"],
    lines: [
      ["sam.travels", "Hi An! Any tips for Hà Giang in November?"],
      ["an.nguyen", "Bring a warm jacket, and try the buckwheat cakes"],
      ["sam.travels", "Found them. You were right."],
    ],
    unread: 1,
  },
  {
    between: ["mia.makes", "linh.dances"],
    lines: [
      ["mia.makes", "Crane lesson on Friday?"],
      ["linh.dances", "Yes! I bring the music, you bring the paper"],
    ],
    unread: 0,
  },
  {
    between: ["free.phones", "ben.w"],
    lines: [["free.phones", "You won a phone!!! send 50k for shipping"]],
    unread: 1,
  },
];

export const REPORTS: Report[] = [
  { by: "chi.le", on: { video: "Bản phim rò rỉ, xem trước" }, reason: "copyright", description: "Phim chưa chiếu mà" },
  { by: "mia.makes", on: { video: "Bản phim rò rỉ, xem trước" }, reason: "copyright" },
  { by: "an.nguyen", on: { user: "free.phones" }, reason: "spam", description: "Writes to everybody I know." },
  { by: "ben.w", on: { message: "You won a phone!!! send 50k for shipping" }, reason: "scam" },
  { by: "chi.le", on: { comment: "Number 3 does nothing on my phone" }, reason: "rude" },
  { by: "an.nguyen", on: { video: "5 phím tắt ít ai biết" }, reason: "misleading", description: "Số 3 không chạy." },
  {
    by: "dave.k",
    on: { video: "Ink in water" },
    reason: "other",
    decision: { by: "minh.mod", status: "rejected", result: "It is only ink." },
  },
  {
    by: "sam.travels",
    on: { comment: "hurry up, only 3 left, link in bio" },
    reason: "spam",
    decision: { by: "admin", status: "resolved", result: "Cảm ơn bạn, tài khoản này đang được xem xét." },
  },
];

export const TAKEDOWN = { by: "admin", video: "Bản phim rò rỉ, xem trước", reason: "Vi phạm bản quyền" };
export const BAN = { by: "minh.mod", user: "free.phones", reason: "Spam and scams" };
