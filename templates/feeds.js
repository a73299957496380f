// Puts a button beside each address of the page that presents the feeds. Nothing else there needs a script.
for (const address of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy ${address.textContent}`);
  button.addEventListener('click', () => void copy(address, button));
  address.closest('dd').append(' ', button);
}

/** Where the clipboard is closed to pages (plain http), the address is selected, so that two keys do it. */
async function copy(address, button) {
  try {
    await navigator.clipboard.writeText(address.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(address);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 2000);
}
