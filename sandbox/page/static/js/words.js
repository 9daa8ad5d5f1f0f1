// The page's own sentences for what a client refuses, and small ways of writing sizes and names.
const RULES = {
  unknown_channel: () => "This channel is gone, or you may no longer see it.",
  unknown_message: () => "This message is gone.",
  unknown_command: (r) => `There is no command /${r.subject} here.`,
  unknown_person: () => "You are nobody the sandbox knows. Pick somebody to be.",
  unknown_modal: () => "This form is no longer open.",
  missing_permission: (r) => `You may not do that here: ${r.subject.replaceAll("_", " ")} is missing.`,
  required: (r) => `${capital(r.subject)} is required.`,
  wrong_type: (r) => `${capital(r.subject)} does not have the right form${typeof r.limit === "string"
    ? ` (${r.limit})`
    : ""}.`,
  not_a_choice: (r) => `${capital(r.subject)}: pick one of the choices.`,
  too_short: (r) => `${capital(r.subject)} needs at least ${r.limit} characters.`,
  too_long: (r) => `${capital(r.subject)} may have at most ${r.limit} characters.`,
  too_small: (r) => `${capital(r.subject)} must be at least ${r.limit}.`,
  too_great: (r) => `${capital(r.subject)} must be at most ${r.limit}.`,
  too_large: (r) => `${capital(r.subject)} is too large: at most ${fileSize(r.limit)}.`,
  wrong_count: (r) => `${capital(r.subject)}: pick ${r.limit[0] === r.limit[1]
    ? r.limit[0]
    : `${r.limit[0]} to ${r.limit[1]}`}.`,
  wrong_length: (r) => `${capital(r.subject)} needs ${r.limit[0]} to ${r.limit[1]} characters.`,
  taken: (r) => `There is already somebody called ${r.subject}.`,
  thread_locked: () => "This thread is locked.",
  thread_archived: () => "This thread is closed. Write in it to open it again.",
  thread_exists: () => "There is already a thread at this message.",
  too_many_pins: (r) => `At most ${r.limit} messages can be pinned in a channel.`,
  role_above: (r) => `The role ${r.subject} is not yours to give.`,
  not_yours: () => "Only your own messages can be changed.",
  disabled: () => "This is switched off.",
};

export function explain(refused) {
  return (RULES[refused.rule] ?? (() =>
    `Not possible: ${refused.rule?.replaceAll("_", " ")} (${refused.subject}).`))(refused);
}

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KB", "MB", "GB"];
  let size = bytes / 1024;
  let unit = 0;
  while (size >= 1000 && unit < 2) {
    size /= 1024;
    unit += 1;
  }
  return `${size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}

export function localized(thing, key, locale) {
  return thing[`${key}_localizations`]?.[locale] ?? thing[key];
}

export const LOCALES = {
  "en-US": "English",
  de: "Deutsch",
  fr: "Français",
  "es-ES": "Español",
  "pt-BR": "Português",
  it: "Italiano",
  nl: "Nederlands",
  pl: "Polski",
  tr: "Türkçe",
  uk: "Українська",
  hi: "हिन्दी",
  ja: "日本語",
  ko: "한국어",
  "zh-CN": "简体中文",
};
