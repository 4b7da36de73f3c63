// The script of the Numbers page: draws the table of a course as a chart, when somebody comes to see it.
import { behaviour, wake } from './page/behaviour';

behaviour('[data-chart]', (element) => {
  const table = document.querySelector<HTMLTableElement>(element.dataset['chart'] ?? '');
  if (!table) return;
  element.hidden = false;
  for (const details of document.querySelectorAll<HTMLDetailsElement>('[data-chart-table]')) details.open = false;
  // The library is long: a phone that never scrolls down to the chart never loads it.
  const watch = new IntersectionObserver(
    (seen) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      watch.disconnect();
      void import('./chart/course').then(({ draw }) => draw(element, table));
    },
    { rootMargin: '200px' },
  );
  watch.observe(element);
});
wake();
