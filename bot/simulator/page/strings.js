// The page's own words, in English, Russian and Kyrgyz. The bot's words come from the bot.

const WORDS = {
  en: {
    rehearsal: "rehearsal stage", you_are: "You are", chats: "Chats", people: "People", more: "More",
    note: "Everything here is simulated and stays on this computer.", newest: "Newest", cancel: "Cancel",
    commands: "Commands", message: "Message", forward: "Forward", attach: "Attach", send: "Send", start: "Start",
    restart: "Unblock and go on", drop_photo: "Send as photos", drop_photo_note: "compressed, without metadata",
    drop_file: "Send as files", drop_file_note: "unchanged, byte for byte", reconnecting: "Connecting…",
    bot: "bot", typing: "typing…", upload_photo: "sending a photo…", upload_document: "sending a file…",
    members: "members", no_messages: "No messages yet", edited: "edited", hidden_account: "account is hidden",
    forwarded_from: "Forwarded from", reply: "Reply", edit: "Edit", copy: "Copy text", delete: "Delete",
    block: "Block the bot", unblock: "Unblock the bot", open_link: "Open an invitation link…",
    link_label: "Link t.me/…?start=… or its code", open: "Open", photos: "Photos", files: "Files", other: "Something else",
    as_photo: "As photos", as_file: "As files", with_spoiler: "Hide with a spoiler", caption: "Caption",
    library: "Ready material", own: "Write your own", origin: "Comes from", o_user: "A user",
    o_hidden_user: "A user with a hidden account", o_channel: "A channel", o_chat: "A group",
    name: "Name", username: "Username (optional)", text: "Text", picture: "Picture", add: "Add to the burst",
    forward_n: "Forward", nothing_ready: "No ready material is registered.", choose: "Choose what to forward",
    group_by: "Other", copied: "Copied", ok: "OK", not_link: "This is no link of this bot.", drop_here: "Drop here",
    voice: "Voice message", video: "Video", video_note: "Round video", audio: "Audio", animation: "Animation",
    sticker: "Sticker", location: "Location", venue: "Place", contact: "Contact", poll: "Poll", dice: "Dice",
    pinned: "pinned a message", topic: "opened the topic", you: "You", up_to_ten: "An album has at most ten items.",
    what: "What can this bot do?", today: "Today", yesterday: "Yesterday", unsupported: "Message", no_commands: "No commands",
    burst: "In the burst", photo: "Photo", remove: "Remove", protected: "can't be forwarded or saved",
  },
  ru: {
    rehearsal: "репетиционная сцена", you_are: "Вы", chats: "Чаты", people: "Люди", more: "Ещё",
    note: "Всё здесь ненастоящее и не покидает этот компьютер.", newest: "К последним", cancel: "Отмена",
    commands: "Команды", message: "Сообщение", forward: "Переслать", attach: "Прикрепить", send: "Отправить", start: "Начать",
    restart: "Разблокировать и продолжить", drop_photo: "Отправить как фото", drop_photo_note: "сжатые, без метаданных",
    drop_file: "Отправить как файлы", drop_file_note: "без изменений, байт в байт", reconnecting: "Соединение…",
    bot: "бот", typing: "печатает…", upload_photo: "отправляет фото…", upload_document: "отправляет файл…",
    members: "участников", no_messages: "Сообщений пока нет", edited: "изменено", hidden_account: "аккаунт скрыт",
    forwarded_from: "Переслано от", reply: "Ответить", edit: "Изменить", copy: "Копировать текст", delete: "Удалить",
    block: "Заблокировать бота", unblock: "Разблокировать бота", open_link: "Открыть ссылку-приглашение…",
    link_label: "Ссылка t.me/…?start=… или её код", open: "Открыть", photos: "Фото", files: "Файлы", other: "Другое",
    as_photo: "Как фото", as_file: "Как файлы", with_spoiler: "Скрыть под спойлер", caption: "Подпись",
    library: "Готовый материал", own: "Свой текст", origin: "Источник", o_user: "Пользователь",
    o_hidden_user: "Пользователь со скрытым аккаунтом", o_channel: "Канал", o_chat: "Группа",
    name: "Имя", username: "Имя пользователя (необязательно)", text: "Текст", picture: "Картинка", add: "Добавить в пачку",
    forward_n: "Переслать", nothing_ready: "Готового материала нет.", choose: "Выберите, что переслать",
    group_by: "Прочее", copied: "Скопировано", ok: "Понятно", not_link: "Это не ссылка этого бота.", drop_here: "Бросьте сюда",
    voice: "Голосовое", video: "Видео", video_note: "Кружок", audio: "Аудио", animation: "Анимация",
    sticker: "Стикер", location: "Место на карте", venue: "Место", contact: "Контакт", poll: "Опрос", dice: "Кубик",
    pinned: "закрепил(а) сообщение", topic: "открыл(а) тему", you: "Вы", up_to_ten: "В альбоме не больше десяти.",
    what: "Что умеет этот бот?", today: "Сегодня", yesterday: "Вчера", unsupported: "Сообщение", no_commands: "Команд нет",
    burst: "В пачке", photo: "Фото", remove: "Убрать", protected: "нельзя переслать или сохранить",
  },
  ky: {
    rehearsal: "репетиция сахнасы", you_are: "Сиз", chats: "Чаттар", people: "Адамдар", more: "Дагы",
    note: "Бул жердин баары чыныгы эмес жана ушул компьютерден чыкпайт.", newest: "Акыркыларга", cancel: "Жокко чыгаруу",
    commands: "Буйруктар", message: "Билдирүү", forward: "Багыттоо", attach: "Тиркөө", send: "Жөнөтүү", start: "Баштоо",
    restart: "Бөгөттөн чыгарып улантуу", drop_photo: "Сүрөт катары жөнөтүү", drop_photo_note: "кысылган, метамаалыматсыз",
    drop_file: "Файл катары жөнөтүү", drop_file_note: "өзгөртүүсүз, байтма-байт", reconnecting: "Туташууда…",
    bot: "бот", typing: "жазып жатат…", upload_photo: "сүрөт жөнөтүп жатат…", upload_document: "файл жөнөтүп жатат…",
    members: "катышуучу", no_messages: "Азырынча билдирүү жок", edited: "өзгөртүлдү", hidden_account: "аккаунт жашырылган",
    forwarded_from: "Кимден багытталды:", reply: "Жооп берүү", edit: "Өзгөртүү", copy: "Текстти көчүрүү", delete: "Өчүрүү",
    block: "Ботту бөгөттөө", unblock: "Ботту бөгөттөн чыгаруу", open_link: "Чакыруу шилтемесин ачуу…",
    link_label: "t.me/…?start=… шилтемеси же анын коду", open: "Ачуу", photos: "Сүрөттөр", files: "Файлдар", other: "Башка",
    as_photo: "Сүрөт катары", as_file: "Файл катары", with_spoiler: "Спойлер менен жашыруу", caption: "Жазуусу",
    library: "Даяр материал", own: "Өзүңүз жазыңыз", origin: "Кайдан", o_user: "Колдонуучу",
    o_hidden_user: "Аккаунту жашырылган колдонуучу", o_channel: "Канал", o_chat: "Топ",
    name: "Аты", username: "Колдонуучу аты (милдеттүү эмес)", text: "Текст", picture: "Сүрөт", add: "Топтомго кошуу",
    forward_n: "Багыттоо", nothing_ready: "Даяр материал жок.", choose: "Эмнени багыттоону тандаңыз",
    group_by: "Башка", copied: "Көчүрүлдү", ok: "Түшүнүктүү", not_link: "Бул ушул боттун шилтемеси эмес.", drop_here: "Бул жерге таштаңыз",
    voice: "Үн билдирүү", video: "Видео", video_note: "Тегерек видео", audio: "Аудио", animation: "Анимация",
    sticker: "Стикер", location: "Картадагы жер", venue: "Жер", contact: "Байланыш", poll: "Сурамжылоо", dice: "Кубик",
    pinned: "билдирүүнү кадады", topic: "теманы ачты", you: "Сиз", up_to_ten: "Альбомдо эң көп он сүрөт болот.",
    what: "Бул бот эмне кыла алат?", today: "Бүгүн", yesterday: "Кечээ", unsupported: "Билдирүү", no_commands: "Буйрук жок",
    burst: "Топтомдо", photo: "Сүрөт", remove: "Алып салуу", protected: "багыттоого же сактоого болбойт",
  },
};

export const LANGUAGES = Object.keys(WORDS);
let current = localStorage.getItem("kalkan-language");
if (!WORDS[current]) current = "en";

export const language = () => current;
export const t = (key) => WORDS[current][key] ?? WORDS.en[key] ?? key;

export function setLanguage(code) {
  current = code;
  localStorage.setItem("kalkan-language", code);
}

/** Put the words of the language into the marked nodes of the page. */
export function translate(root = document) {
  document.documentElement.lang = current;
  for (const node of root.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of root.querySelectorAll("[data-t-label]")) {
    node.setAttribute("aria-label", t(node.dataset.tLabel));
    node.setAttribute("title", t(node.dataset.tLabel));
  }
  for (const node of root.querySelectorAll("[data-t-placeholder]")) {
    node.setAttribute("placeholder", t(node.dataset.tPlaceholder));
    node.setAttribute("aria-label", t(node.dataset.tPlaceholder));
  }
}
