// For the pages that must show even when nothing else works: what was typed is kept, and we look for the server.
'use strict';

const EVERY_MS = 5000;
const page = document.querySelector('main');
const sent = page.hasAttribute('data-sent');
const back = document.querySelector('[data-return]');

// A form ended here: it has not arrived, so its draft stays.
try {
  sessionStorage.removeItem('draft-sent');
} catch {
  // Storage is off in this browser: there is no draft.
}

if (sent && back) {
  back.addEventListener('click', (event) => {
    event.preventDefault();
    history.back();
  });
}

async function look() {
  try {
    const answer = await fetch('/health/', { cache: 'no-store' });
    if (answer.ok) return recovered();
  } catch {
    // Still away.
  }
  setTimeout(look, EVERY_MS);
}

function recovered() {
  if (!sent) return location.reload();
  document.querySelector('[data-back]').hidden = false;
}

if (page.hasAttribute('data-away')) setTimeout(look, EVERY_MS);
