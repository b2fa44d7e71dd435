/* What seeded people are called and say, in the scripts and lengths that real ones use. */

export const GIVEN_NAMES = [
  ...["An", "Bình", "Chi", "Dũng", "Hà", "Khánh", "Linh", "Minh", "Ngọc", "Phương", "Quân", "Thảo", "Tuấn", "Vy"],
  ...["Ada", "Ben", "Clara", "Dave", "Emma", "Felix", "Grace", "Hugo", "Iris", "Jonas", "Mia", "Noah", "Sam", "Zoë"],
];
export const FAMILY_NAMES = [
  ...["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi"],
  ...["Walker", "Kim", "Novak", "Carter", "Rossi", "Meyer", "Silva", "O'Brien"],
];
export const BIOS = [
  "",
  "Xem nhiều, nói ít.",
  "Here for the food.",
  "Thích múa và mèo 🐈",
  "Slow travel, fast noodles.",
  "Paper, ink, patience.",
  "Mỗi ngày một mẹo nhỏ.",
];

export const TITLES = [
  "Phở gà trong 60 giây",
  "Dawn over the pass",
  "Popping cơ bản",
  "Folding a crane with one hand",
  "5 phím tắt ít ai biết",
  "Egg coffee at home",
  "Mèo và hộp giấy",
  "Lanterns, one take",
  "Bánh mì 3 kiểu",
  "Ink in water",
];
export const DESCRIPTIONS = [
  null,
  "Nước dùng nấu từ tối hôm trước nhé! #nauan",
  "Left at four. Worth every hairpin.",
  "Twenty tries. This is number twenty.",
  "Phần tiếp theo vào thứ Sáu.",
];

export const COMMENTS = [
  "Hay quá!",
  "How long did that take you?",
  "Cho em xin công thức với ạ",
  "The light at the end 😍",
  "Bài tiếp theo đâu bạn ơi",
  "Tried it. It works.",
  "Number 3 does nothing on my phone",
  "Xem lần thứ mười rồi",
];
export const REPLIES = ["Cảm ơn bạn!", "A whole Sunday, to be honest.", "Mai mình đăng nhé", "Same here 😄"];
export const MESSAGES = [
  "Chào bạn!",
  "Are you coming on Friday?",
  "Mình gửi bạn rồi nhé",
  "Haha, no way",
  "Tuần này dời sang thứ Tư 🙏",
  "Send me the link again?",
  "Ok, hẹn gặp ở đó",
  "I liked your last one a lot",
  "Bao nhiêu tiền vậy?",
  "See you there!",
];
export const REPORT_REASONS = ["spam", "copyright", "misleading", "rude", "scam", "other"];
