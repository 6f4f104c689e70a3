namespace Swan.Geo.Places;

/// <summary>How a page of places looks: on screens by day and night, and on paper.</summary>
internal static class PlacesPageStyle
{
    public const string Css = """

        :root { --page: #f6f5f1; --card: #fff; --ink: #22262b; --soft: #5c6268; --line: #dedbd2; --accent: #1f5f80; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #14171a; --card: #1d2125; --ink: #e9e8e4; --soft: #a3a9af; --line: #343a40; --accent: #7cc0de; }
        }
        * { box-sizing: border-box; margin: 0; }
        body { background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: clamp(16px, 4vw, 48px) clamp(12px, 3vw, 32px); }
        h1 { font-size: 1.8rem; line-height: 1.2; letter-spacing: -.02em; margin-bottom: 4px; overflow-wrap: anywhere; }
        header p, small, .none { color: var(--soft); }
        section { margin-top: 36px; }
        h2 { font-size: 1.25rem; font-weight: 600; margin-bottom: 12px; overflow-wrap: anywhere; }
        h2::before { content: "“"; color: var(--accent); } h2::after { content: "”"; color: var(--accent); }
        .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        table { width: 100%; border-collapse: collapse; }
        th, td { padding: 10px 12px; text-align: left; vertical-align: middle; font-weight: normal; }
        thead th { font-size: .85rem; font-weight: 600; color: var(--soft); vertical-align: bottom; }
        tbody tr { border-top: 1px solid var(--line); }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        .date { white-space: nowrap; }
        .picture { width: 144px; }
        img { display: block; width: 120px; height: 120px; object-fit: contain; border-radius: 6px; background: var(--line); }
        .name { display: block; font-weight: 600; overflow-wrap: anywhere; min-width: 10em; }
        small { font-size: .82rem; }
        a { color: var(--accent); }
        a:focus-visible, .scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
        @media print {
          @page { size: A4; margin: 15mm 12mm; }
          :root { --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #000; color-scheme: light; }
          body { font-size: 10pt; }
          main { max-width: none; padding: 0; }
          section { margin-top: 8mm; }
          .scroll { overflow: visible; border: 0; border-radius: 0; }
          h2 { break-after: avoid; }
          thead { display: table-header-group; }
          tr { break-inside: avoid; }
          th, td { padding: 2mm; }
          .picture { width: 30mm; }
          img { width: 26mm; height: 26mm; border-radius: 0; print-color-adjust: exact; }
          .name { min-width: 0; }
          a { text-decoration: none; }
        }

        """;
}
