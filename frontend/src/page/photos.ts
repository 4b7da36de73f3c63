// data-photos: shows the chosen photos, makes them small enough for a mobile line, lets one be taken back.
//
// The plain file input stays the truth: without script, or where a photo cannot be read here, it sends the
// original and the server does the same work.
import { behaviour } from './behaviour';
import { icon, make } from './dom';
import { toast } from './toasts';
import { word } from './words';

const LONGEST_SIDE = 2560;
const QUALITY = 0.85;
const MOST = 9;

interface Choice {
  file: File;
  address: string;
}

async function smaller(file: File, longest: number): Promise<File> {
  if (!file.type.startsWith('image/') || file.type === 'image/gif') return file;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (error) {
    if (error instanceof DOMException) return file; // this browser cannot read it (HEIC); the server can
    throw error;
  }
  const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && file.size < 1_000_000 && file.type === 'image/jpeg') {
    bitmap.close();
    return file;
  }
  const canvas = make('canvas', { width: Math.round(bitmap.width * scale), height: Math.round(bitmap.height * scale) });
  const context = canvas.getContext('2d');
  context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = context && (await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', QUALITY)));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], `${file.name.replace(/\.\w+$/, '')}.jpg`, { type: 'image/jpeg', lastModified: file.lastModified });
}

function start(element: HTMLElement): void {
  const input = element.querySelector<HTMLInputElement>('input[type="file"]');
  if (!input) return;
  const most = input.multiple ? Number(element.dataset['photosMax']) || MOST : 1;
  const longest = Number(element.dataset['photosSide']) || LONGEST_SIDE;
  const list = make('ul', { class: 'photo-choices', 'aria-label': word('photosChosen') });
  let choices: Choice[] = [];
  // The label is the button to press; the input itself stays for keyboards and screen readers.
  input.after(make('label', { class: 'photo-pick', for: input.id }, icon('camera'), element.dataset['photosLabel'] ?? word(most > 1 ? 'photosPick' : 'photoPick')), list);
  element.classList.add('is-live');

  const write = () => {
    const transfer = new DataTransfer();
    for (const choice of choices) transfer.items.add(choice.file);
    input.files = transfer.files;
  };

  const draw = () => {
    list.replaceChildren(
      ...choices.map((choice, index) => {
        const remove = make('button', { type: 'button', class: 'photo-remove', 'aria-label': word('removePhoto', { number: index + 1 }) }, icon('x'));
        remove.addEventListener('click', () => {
          URL.revokeObjectURL(choice.address);
          choices = choices.filter((other) => other !== choice);
          write();
          draw();
          input.focus();
        });
        const picture = choice.file.type.startsWith('image/')
          ? make('img', { src: choice.address, alt: word('photoNumber', { number: index + 1 }) })
          : make('span', { class: 'photo-file' }, icon('file'), choice.file.name);
        // A format this browser cannot show is still sent; its name stands for it.
        if (picture instanceof HTMLImageElement) {
          picture.addEventListener('error', () => picture.replaceWith(make('span', { class: 'photo-file' }, icon('photo'), choice.file.name)));
        }
        return make('li', {}, picture, remove);
      }),
    );
  };

  input.addEventListener('change', async () => {
    const chosen = [...(input.files ?? [])];
    if (!chosen.length) return write(); // the picker was cancelled: keep what was there
    const kept = element.querySelectorAll('input[type="checkbox"]:checked').length;
    if (!input.multiple) choices = [];
    const room = Math.max(most - choices.length - kept, 0);
    if (chosen.length > room) toast(word('photosMost', { count: most }), 'warning');
    element.setAttribute('aria-busy', 'true');
    for (const file of chosen.slice(0, room)) {
      const ready = await smaller(file, longest);
      choices.push({ file: ready, address: URL.createObjectURL(ready) });
      draw();
    }
    element.removeAttribute('aria-busy');
    write();
  });

  input.form?.addEventListener('submit', (event) => {
    if (!element.hasAttribute('aria-busy')) return;
    event.preventDefault();
    event.stopPropagation();
    toast(word('photosBusy'), 'info');
  });
  input.form?.addEventListener('reset', () => {
    choices = [];
    draw();
  });
}

export function startPhotos(): void {
  behaviour('[data-photos]', start);
}
