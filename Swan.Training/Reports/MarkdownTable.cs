namespace Swan.Training.Reports;

/// <summary>A table in Markdown.</summary>
internal static class MarkdownTable
{
    /// <summary>The lines, each with its end.</summary>
    /// <param name="header">One text a column; may be empty.</param>
    /// <param name="rows">As many texts each.</param>
    public static string Format(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) =>
        Line(header) + Line([.. header.Select(_ => "---")]) + string.Concat(rows.Select(Line));

    private static string Line(IReadOnlyList<string> cells) =>
        $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";
}
