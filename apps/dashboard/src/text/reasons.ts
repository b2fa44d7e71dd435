import type { Action } from "../api.ts";
import type { Language } from "../format.ts";

type Reasons = Record<Language, readonly string[]>;

/** What a person reads who is decided against, in the order of the keys 1 to 9. */
const AGAINST: Reasons = {
  en: [
    "Spam or repeated advertising.",
    "Harassment or insults.",
    "Hate against a group of people.",
    "Sexual content.",
    "Violence or threats.",
    "It endangers minors.",
    "It encourages self-harm.",
    "Somebody else's work without permission.",
    "It shows private information of others.",
  ],
  vi: [
    "Spam hoặc quảng cáo lặp lại.",
    "Quấy rối hoặc xúc phạm.",
    "Thù ghét một nhóm người.",
    "Nội dung tình dục.",
    "Bạo lực hoặc đe dọa.",
    "Gây nguy hiểm cho trẻ vị thành niên.",
    "Khuyến khích tự làm hại bản thân.",
    "Dùng tác phẩm của người khác khi chưa được phép.",
    "Tiết lộ thông tin riêng tư của người khác.",
  ],
};

/** What reporters read whose reports are rejected. */
const REJECTING: Reasons = {
  en: [
    "We found no violation of the rules.",
    "It is satire or criticism, which the rules allow.",
    "What you reported was changed meanwhile.",
    "The report does not say what is wrong. Please report it again with more details.",
  ],
  vi: [
    "Chúng tôi không thấy vi phạm quy định.",
    "Đây là nội dung châm biếm hoặc phê bình, được quy định cho phép.",
    "Nội dung bạn báo cáo đã được thay đổi.",
    "Báo cáo chưa nêu rõ vi phạm. Hãy báo cáo lại với nhiều chi tiết hơn.",
  ],
};

export function reasonsFor(action: Action | "reject", language: Language): readonly string[] {
  return (action === "reject" ? REJECTING : AGAINST)[language];
}
