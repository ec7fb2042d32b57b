// Words, times and places of the pages.

const meta = document.querySelector('meta[name="exchange"]');
/** What the server says of this exchange: skin, language, paths, what its buttons do. */
export const config = JSON.parse(meta.content);

const ENGLISH = {
  markets: "Markets", trade: "Trade", earn: "Earn", wallet: "Wallet", orders: "Orders", overview: "Overview",
  dashboard: "Dashboard", security: "Security", history: "Login history", apiKeys: "API Management",
  logIn: "Log in", signUp: "Sign up", logOut: "Log out", devices: "Device Management", account: "Account",
  email: "E-mail", password: "Password", next: "Next", keep: "Keep me signed in on this device",
  code: "Authenticator code", codeHelp: "Enter the 6-digit code of your authenticator app.", submit: "Submit",
  wrongCredentials: "The e-mail or the password is wrong.", wrongCode: "The code is wrong.",
  again: "Please enter your password again.", ended: "Your session has ended. Please log in again.",
  cancel: "Cancel", confirm: "Confirm", close: "Close", notFound: "Page not found",
  home: "Trade with confidence", homeText: "A demonstration exchange on this computer. Its money is not real.",
  about: "About us", terms: "Terms of use", privacy: "Privacy", help: "Support", settings: "Settings",
  profile: "Profile", notices: "Notifications",
};

const GERMAN = {
  markets: "Märkte", trade: "Handeln", earn: "Verdienen", wallet: "Wallet", orders: "Aufträge", overview: "Übersicht",
  dashboard: "Übersicht", security: "Sicherheit", history: "Anmeldeverlauf", apiKeys: "API-Schlüssel",
  logIn: "Anmelden", signUp: "Registrieren", logOut: "Abmelden", devices: "Sitzungen", account: "Konto",
  email: "E-Mail", password: "Passwort", next: "Weiter", keep: "Auf diesem Gerät angemeldet bleiben",
  code: "Authenticator-Code", codeHelp: "Geben Sie den 6-stelligen Code Ihrer Authenticator-App ein.",
  submit: "Bestätigen", wrongCredentials: "E-Mail oder Passwort ist falsch.", wrongCode: "Der Code ist falsch.",
  again: "Bitte geben Sie Ihr Passwort erneut ein.", ended: "Ihre Sitzung ist beendet. Bitte melden Sie sich erneut an.",
  cancel: "Abbrechen", confirm: "Bestätigen", close: "Schließen", notFound: "Seite nicht gefunden",
  home: "Handeln mit Vertrauen", homeText: "Eine Vorführbörse auf diesem Computer. Ihr Geld ist nicht echt.",
  about: "Über uns", terms: "Nutzungsbedingungen", privacy: "Datenschutz", help: "Hilfe", settings: "Einstellungen",
  profile: "Profil", notices: "Mitteilungen",
};

const ARABIC = {
  markets: "الأسواق", trade: "التداول", earn: "الأرباح", wallet: "المحفظة", orders: "الطلبات", overview: "نظرة عامة",
  dashboard: "نظرة عامة", security: "الأمان", history: "سجل تسجيل الدخول", apiKeys: "مفاتيح API",
  logIn: "تسجيل الدخول", signUp: "إنشاء حساب", logOut: "تسجيل الخروج", account: "الحساب",
  email: "البريد الإلكتروني", password: "كلمة المرور", next: "التالي", keep: "إبقائي مسجلاً على هذا الجهاز",
  code: "رمز المصادقة", codeHelp: "أدخل الرمز المكوّن من 6 أرقام من تطبيق المصادقة.", submit: "تأكيد",
  wrongCredentials: "البريد الإلكتروني أو كلمة المرور غير صحيحة.", wrongCode: "الرمز غير صحيح.",
  again: "يرجى إدخال كلمة المرور مرة أخرى.", ended: "انتهت جلستك. يرجى تسجيل الدخول مرة أخرى.",
  notFound: "الصفحة غير موجودة", home: "تداول بثقة", homeText: "منصة عرض على هذا الحاسوب. أموالها ليست حقيقية.",
  about: "من نحن", terms: "شروط الاستخدام", privacy: "الخصوصية", help: "الدعم", settings: "الإعدادات",
  profile: "الملف الشخصي", notices: "الإشعارات",
};

const WORDS = { ...ENGLISH, ...{ de: GERMAN, ar: ARABIC }[config.language] };

/** A word in the page's language. */
export const t = (key) => WORDS[key];

/** One of two texts, English or German. */
export const either = (english, german) => (config.language === "de" ? german : english);

/** Whether the page is one of Binance's. */
export const isBinance = config.skin.startsWith("binance");

const two = (number) => String(number).padStart(2, "0");

/** "2026-04-14 21:12:05" in the browser's own zone, which the page does not name. */
export function localTime(text) {
  const d = new Date(text);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

/** "2026-04-14 15:28 UTC". */
export function utcTime(text) {
  return `${new Date(text).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

const STEPS = [["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];

/** "3 minutes ago", "vor 2 Tagen". */
export function ago(text, now) {
  const seconds = (new Date(now) - new Date(text)) / 1000;
  const step = STEPS.find(([, length]) => seconds >= length);
  if (!step) return either("just now", "gerade eben");
  const format = new Intl.RelativeTimeFormat(config.language === "de" ? "de" : "en", { numeric: "always" });
  return format.format(-Math.floor(seconds / step[1]), step[0]);
}

/** A time as this exchange prints it. */
export function time(text, now) {
  if (isBinance) return localTime(text);
  return config.skin === "active-sessions-rtl" ? utcTime(text) : ago(text, now);
}

const GERMAN_CITIES = { Lisbon: "Lissabon", "Ho Chi Minh City": "Ho-Chi-Minh-Stadt" };

/** A place as this exchange prints it. */
export function place({ city, country, code }) {
  if (config.skin === "binance-old") return `${city} ${country}`;
  if (config.language !== "de") return `${city}, ${country}`;
  return `${GERMAN_CITIES[city] ?? city}, ${new Intl.DisplayNames(["de"], { type: "region" }).of(code)}`;
}
