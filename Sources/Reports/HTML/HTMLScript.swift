/// The only script of any page: it shows what lies below the pointer in a trend, and sorts tables. Everything
/// is readable without it.
enum HTMLScript {
  /// Goes into a page as it is: `</` isn't in it.
  static let text = """
    'use strict';
    for (const plot of document.querySelectorAll('[data-runs]')) {
      const runs = document.getElementById(plot.dataset.runs).textContent.trim().split('\\n')
        .map(line => line.split(' '));
      if (!plot.dataset.points) continue;
      const points = plot.dataset.points.split(' ').map(text => text.split(':').map(Number));
      const line = plot.querySelector('.cursor');
      const said = document.getElementById(plot.dataset.said);
      let at = points.length - 1;
      const show = () => {
        const [run, milliseconds] = points[at];
        const [id, place, date, commit] = runs[run];
        line.setAttribute('x1', place + '%');
        line.setAttribute('x2', place + '%');
        line.style.visibility = 'visible';
        said.textContent = date.replace('T', ' ') + ' UTC, run ' + id + ': ' +
          (milliseconds === -1 ? 'not served' : milliseconds / 1000 + ' s') +
          (commit ? ', commit ' + commit : '');
      };
      plot.addEventListener('pointermove', event => {
        const box = plot.getBoundingClientRect();
        const place = 100 * (event.clientX - box.left) / box.width;
        let best = Infinity;
        points.forEach(([run], index) => {
          const distance = Math.abs(runs[run][1] - place);
          if (distance < best) { best = distance; at = index; }
        });
        show();
      });
      plot.addEventListener('keydown', event => {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
        if (!step) return;
        at = Math.min(points.length - 1, Math.max(0, at + step));
        event.preventDefault();
        show();
      });
    }
    for (const table of document.querySelectorAll('table.sortable')) {
      const heads = [...table.tHead.rows[0].cells];
      const unit = { 'µs': 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, '%': 1 };
      const value = cell => {
        const text = cell.textContent.trim();
        const parts = [...text.matchAll(/([0-9.]+) ?(µs|ms|s|min|h|%)?/g)];
        if (!/^[0-9]/.test(text) || !parts.length) return text;
        return text.includes('–') || text.includes('of')
          ? Number(parts[0][1]) * (unit[parts[parts.length - 1][2]] || 1)
          : parts.reduce((sum, part) => sum + Number(part[1]) * (unit[part[2]] || 1), 0);
      };
      heads.forEach((head, column) => {
        const button = document.createElement('button');
        button.append(...head.childNodes);
        head.append(button);
        button.addEventListener('click', () => {
          const down = head.getAttribute('aria-sort') === 'ascending';
          heads.forEach(other => other.removeAttribute('aria-sort'));
          head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
          const rows = [...table.tBodies[0].rows];
          rows.sort((a, b) => {
            const [x, y] = [value(a.cells[column]), value(b.cells[column])];
            const order = typeof x === 'number' ? (typeof y === 'number' ? x - y : -1)
              : typeof y === 'number' ? 1 : x.localeCompare(y);
            return down ? -order : order;
          });
          table.tBodies[0].append(...rows);
        });
      });
    }
    """

  /// What a page's Content-Security-Policy allows to run: the SHA-256 of the text in Base64.
  static let hash = "sha256-v/oZQr37zePEju7qvbIYd9bvcHtcIcBWPjfEhg/Ei08="
}
