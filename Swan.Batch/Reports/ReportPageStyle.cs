namespace Swan.Batch.Reports;

/// <summary>How a report looks: on screens by day and night, and on paper.</summary>
internal static class ReportPageStyle
{
    public const string Css = """

        :root { --page: #f6f5f1; --card: #fff; --ink: #22262b; --soft: #5c6268; --line: #dedbd2; --accent: #1f5f80; --alarm: #a3271b; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #14171a; --card: #1d2125; --ink: #e9e8e4; --soft: #a3a9af; --line: #343a40; --accent: #7cc0de; --alarm: #ff9d8f; }
        }
        * { box-sizing: border-box; margin: 0; }
        body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 960px; margin: 0 auto; padding: clamp(16px, 4vw, 48px) clamp(12px, 3vw, 32px); }
        h1 { font-size: 1.8rem; line-height: 1.2; letter-spacing: -.02em; margin-bottom: 4px; }
        header p, small { color: var(--soft); }
        header p, td, th, dd { overflow-wrap: anywhere; }
        section { margin-top: 32px; }
        h2 { font-size: 1.25rem; font-weight: 600; margin-bottom: 12px; }
        h3 { font-size: 1rem; font-weight: 600; margin: 20px 0 8px; }
        h3 small { font-weight: normal; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(150px, 100%), 1fr)); gap: 12px; padding: 0; }
        .tiles { list-style: none; margin-bottom: 12px; }
        .tiles li { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; color: var(--soft); }
        .tiles b { display: block; font-size: 1.6rem; line-height: 1.3; font-weight: 600; color: var(--ink); }
        .embedded b { color: var(--accent); } .bad b, .alarm { color: var(--alarm); } .tiles .none b { color: var(--soft); }
        table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card); }
        table { border: 1px solid var(--line); border-radius: 10px; }
        th, td { padding: 8px 12px; text-align: left; vertical-align: top; font-weight: normal; }
        thead th { font-size: .85rem; font-weight: 600; color: var(--soft); }
        tbody th, tbody td { border-top: 1px solid var(--line); }
        .faults { table-layout: fixed; } .faults th:first-child { width: 36%; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        dl { display: grid; grid-template-columns: minmax(7em, max-content) 1fr; gap: 6px 20px; padding: 14px 16px; }
        dl { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        dt { color: var(--soft); }
        .hidden { font-size: .75em; color: var(--alarm); border: 1px solid currentColor; border-radius: 3px; padding: 0 3px; }
        @media print {
          @page { size: A4; margin: 15mm 12mm; }
          :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #000; --alarm: #000; }
          :root { color-scheme: light; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          section { margin-top: 7mm; }
          h2, h3 { break-after: avoid; }
          .alarm { font-weight: 600; }
          thead { display: table-header-group; }
          tr, .tiles, dt, dd { break-inside: avoid; }
        }

        """;
}
