/* The demo's videos, the oldest first, with what is said about them. */

export type Remark = { by: string; text: string; answers?: Remark[] };
export type Video = {
  by: string;
  title: string;
  description: string;
  /** What it shows: a source of ffmpeg's lavfi, and filters that change it. */
  scene: [source: string, ...filters: string[]];
  seconds: number;
  visibility?: "public" | "private";
  /** How many people watch and like it. */
  likes: number;
  remarks?: Remark[];
};
export const VIDEOS: Video[] = [
  {
    by: "bep.cua.hoa",
    title: "Phở gà trong 60 giây",
    description: "Nước dùng nấu từ tối hôm trước nhé! #nauan",
    scene: ["gradients=c0=0xff5f6d:c1=0xffc371:speed=0.04"],
    seconds: 3,
    likes: 8,
    remarks: [
      {
        by: "ben.w",
        text: "Cooked it twice this week already 🍜",
        answers: [{ by: "bep.cua.hoa", text: "Giỏi quá @ben.w!" }],
      },
      { by: "chi.le", text: "Cho em xin công thức nước chấm với ạ" },
    ],
  },
  {
    by: "sam.travels",
    title: "Mã Pì Lèng pass at dawn",
    description: "Left at four. Worth every hairpin.",
    scene: ["gradients=c0=0x0f2027:c1=0x2c5364:c2=0xf2a65a:n=3:speed=0.03"],
    seconds: 4,
    likes: 9,
    remarks: [{ by: "an.nguyen", text: "Quê mình đấy! Ghé ăn thắng cố chưa @sam.travels?" }],
  },
  {
    by: "linh.dances",
    title: "Popping cơ bản, bài 1",
    description: "Bắt đầu từ cổ tay.",
    scene: ["testsrc2"],
    seconds: 3,
    likes: 7,
    remarks: [{ by: "chi.le", text: "Bài 2 đâu chị ơi" }],
  },
  {
    by: "mia.makes",
    title: "Folding a crane with one hand",
    description: "Twenty tries. This is number twenty.",
    scene: ["rgbtestsrc", "hue=h=t*90"],
    seconds: 3,
    likes: 6,
  },
  {
    by: "tuan.tech",
    title: "5 phím tắt ít ai biết",
    description: "Số 3 sẽ làm bạn bất ngờ",
    scene: ["smptebars", "hue=s=1.6"],
    seconds: 2,
    likes: 3,
    remarks: [{ by: "dave.k", text: "Number 3 does nothing on my phone" }],
  },
  {
    by: "bep.cua.hoa",
    title: "Bánh mì chảo",
    description: "Bữa sáng 15 nghìn",
    scene: ["gradients=c0=0xf7971e:c1=0xffd200:speed=0.06"],
    seconds: 3,
    likes: 6,
  },
  {
    by: "linh.dances",
    title: "Phố đi bộ, tối thứ Bảy",
    description: "Cảm ơn mọi người đã dừng lại xem ❤️",
    scene: ["testsrc2", "hue=h=120"],
    seconds: 4,
    likes: 9,
    remarks: [
      {
        by: "mia.makes",
        text: "The last ten seconds!! @linh.dances you are unreal",
        answers: [
          { by: "linh.dances", text: "@mia.makes dạy em gấp hạc đổi lại nhé 😄" },
          { by: "chi.le", text: "Đứng ngay hàng đầu, lạnh cả người" },
        ],
      },
    ],
  },
  {
    by: "sam.travels",
    title: "Three cups of coffee in Huế",
    description: "Salt coffee won.",
    scene: ["gradients=c0=0x3e2723:c1=0xd7ccc8:speed=0.03"],
    seconds: 3,
    likes: 5,
  },
  {
    by: "mia.makes",
    title: "Ink in water",
    description: "",
    scene: ["sierpinski=type=triangle:jump=40", "negate"],
    seconds: 3,
    likes: 5,
    remarks: [{ by: "dave.k", text: "Could watch this for an hour" }],
  },
  {
    by: "free.phones",
    title: "FREE PHONES click now!!!",
    description: "Only today only here",
    scene: ["color=c=red", "drawbox=x=mod(t*90\\,144):y=100:w=40:h=40:color=yellow:t=fill"],
    seconds: 2,
    likes: 0,
    remarks: [{ by: "free.phones", text: "hurry up, only 3 left, link in bio" }],
  },
  {
    by: "bep.cua.hoa",
    title: "Chè bưởi của mẹ",
    description: "Cùi bưởi không hề đắng, bí quyết ở cuối video.",
    scene: ["gradients=c0=0xa8e063:c1=0xfffde7:speed=0.05"],
    seconds: 3,
    likes: 7,
  },
  {
    by: "tuan.tech",
    title: "Bản phim rò rỉ, xem trước",
    description: "Xem nhanh kẻo bị xóa",
    scene: ["cellauto=rule=18"],
    seconds: 3,
    likes: 2,
  },
  {
    by: "linh.dances",
    title: "Popping cơ bản, bài 2",
    description: "Theo yêu cầu của @chi.le",
    scene: ["testsrc2", "hue=h=240"],
    seconds: 3,
    likes: 6,
  },
  {
    by: "sam.travels",
    title: "Night train, upper bunk",
    description: "36 hours, two films, one very loud neighbour",
    scene: ["color=c=0x10142e", "drawbox=x=mod(t*120\\,144):y=60:w=10:h=24:color=0xffe9a8:t=fill"],
    seconds: 3,
    likes: 4,
  },
  {
    by: "mia.makes",
    title: "A carpet of squares",
    description: "Sixty-four sheets, no glue.",
    scene: ["sierpinski=type=carpet:jump=30", "hue=h=t*60"],
    seconds: 3,
    likes: 4,
  },
  {
    by: "tuan.tech",
    title: "Pin chai? Đừng vội thay",
    description: "Ba việc nên thử trước",
    scene: ["gradients=c0=0x00c9ff:c1=0x92fe9d:speed=0.05"],
    seconds: 2,
    likes: 4,
  },
  {
    by: "bep.cua.hoa",
    title: "Cà phê trứng tại nhà",
    description: "Đánh tay, không cần máy.",
    scene: ["color=c=0x6f4e37", "drawbox=x=32:y=mod(t*70\\,256):w=80:h=60:color=0xfff3c4:t=fill"],
    seconds: 3,
    likes: 6,
    remarks: [{ by: "sam.travels", text: "Better than the one I queued for" }],
  },
  {
    by: "mia.makes",
    title: "Work in progress",
    description: "Only I can see this one.",
    scene: ["gradients=c0=0x8e2de2:c1=0x4a00e0:speed=0.05"],
    seconds: 2,
    visibility: "private",
    likes: 0,
  },
  {
    by: "sam.travels",
    title: "Hội An lanterns, one take",
    description: "No cuts, one bicycle, zero collisions.",
    scene: ["gradients=c0=0xd31027:c1=0xea384d:c2=0xffd452:n=3:speed=0.05"],
    seconds: 4,
    likes: 8,
    remarks: [{ by: "linh.dances", text: "Đẹp quá Sam ơi, tháng sau mình ra đó diễn!" }],
  },
  {
    by: "linh.dances",
    title: "Tập lúc 6 giờ sáng",
    description: "Cả phòng chỉ có mình và cái loa.",
    scene: ["rgbtestsrc", "negate", "hue=h=t*120"],
    seconds: 3,
    likes: 7,
    remarks: [{ by: "an.nguyen", text: "Chăm quá chị @linh.dances ơi 💪" }],
  },
];
