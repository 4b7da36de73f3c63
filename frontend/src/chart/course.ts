// A table as lines over its periods: the first column names them, every other one is a series.
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);

const UNITS: Record<string, string> = { share: '%' };

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

export function draw(element: HTMLElement, table: HTMLTableElement): void {
  const heads = [...table.querySelectorAll<HTMLElement>('thead th[data-unit]')];
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tbody tr')];
  const periods = rows.map((row) => row.querySelector<HTMLElement>('th')?.dataset['short'] ?? '');
  const unit = UNITS[heads[0]?.dataset['unit'] ?? ''] ?? '';
  const tones = [colour('--b-accent'), colour('--b-attention')];
  const font = getComputedStyle(document.body).fontFamily;
  const quiet = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const chart = init(element, undefined, { renderer: 'svg' });
  chart.setOption({
    animation: !quiet,
    color: tones,
    textStyle: { fontFamily: font, color: colour('--b-ink-soft') },
    grid: { left: 8, right: 16, top: 36, bottom: 8, containLabel: true },
    legend: { top: 0, left: 0, icon: 'roundRect', textStyle: { color: colour('--b-ink') } },
    // Drawn and not written as HTML: the content policy allows no style in markup.
    tooltip: { trigger: 'axis', renderMode: 'richText', axisPointer: { type: 'line' } },
    xAxis: { type: 'category', data: periods, boundaryGap: false, axisTick: { show: false } },
    yAxis: { type: 'value', min: 0, axisLabel: { formatter: `{value}${unit}` }, splitLine: { lineStyle: { color: colour('--b-line') } } },
    series: heads.map((head, column) => ({
      type: 'line',
      name: head.textContent?.trim() ?? '',
      symbolSize: 7,
      connectNulls: head.dataset['joined'] !== undefined, // milestones: a point here and there
      lineStyle: { width: 2.5, type: column ? 'dashed' : 'solid' },
      data: rows.map((row) => {
        const value = row.querySelectorAll<HTMLElement>('td')[column]?.dataset['value'];
        return value ? Number(value) : null;
      }),
    })),
  });
  new ResizeObserver(() => chart.resize()).observe(element);
}
