// What the person at the browser has chosen. It lasts as long as the browser tab
// does: the token is a secret, so it is never in localStorage, a cookie or a URL.

const TOKEN = 'rounds.token';
const LANGUAGE = 'rounds.language';

export const LANGUAGES = [
  { tag: 'en', name: 'English' },
  { tag: 'zh-CN', name: '简体中文' },
];

const preferred = () => (navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en');

export const session = {
  get token() {
    return sessionStorage.getItem(TOKEN) ?? '';
  },
  // Takes a token as it was pasted: with spaces around it, or as a whole header.
  set token(pasted) {
    sessionStorage.setItem(TOKEN, pasted.trim().replace(/^(Authorization:\s*)?Bearer\s+/i, ''));
  },

  get language() {
    return sessionStorage.getItem(LANGUAGE) ?? preferred();
  },
  set language(tag) {
    sessionStorage.setItem(LANGUAGE, tag);
  },
};
