declare module 'recheck/lib/browser.js';
