using Swan.MLNet.Search;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>The faults of a zero-shot classification's options, found without a model: all at once, in bounded messages.</summary>
internal static class ZeroShotFaults
{
    private const string Classes = nameof(SwanZeroShotOptions.Classes), Templates = nameof(SwanZeroShotOptions.PromptTemplates);
    private const string Placeholder = SwanZeroShotOptions.Placeholder;
    private const int MaxNamed = 5;

    /// <param name="options">The options.</param>
    /// <param name="saved">They are of a saved pipeline: earlier versions took other braces for text.</param>
    public static List<string> Find(SwanZeroShotOptions options, bool saved)
    {
        List<string> faults = [.. OfClasses(options.Classes), .. OfTemplates(options.PromptTemplates, saved)];
        if (!(options.Temperature is >= 0.0001f and <= 100))
            faults.Add(FormattableString.Invariant($"{nameof(options.Temperature)} is {options.Temperature}; expected 0.0001 to 100"));
        return faults;
    }

    private static IEnumerable<string> OfClasses(IReadOnlyList<string> classes)
    {
        if (classes.Count is < 2 or > 10_000)
            yield return $"{Classes} has {classes.Count:N0} {(classes.Count == 1 ? "class" : "classes")}; expected 2 to 10,000";
        int[] empty = [.. Enumerable.Range(0, classes.Count).Where(i => string.IsNullOrWhiteSpace(classes[i]))];
        if (empty.Length > 0)
        {
            yield return $"{Classes} has empty texts (at {string.Join(", ", empty.Take(MaxNamed))}{More(empty.Length)}); "
                + "expected words that a caption would use";
        }
        // Classes become the keys of an index.
        (int Index, string? Fault)[] unfit = [.. classes.Select((c, i) => (Index: i, Fault: string.IsNullOrWhiteSpace(c) ? null
            : SwanIndexBuilder.KeyFault(c))).Where(c => c.Fault is not null)];
        foreach ((int index, string? fault) in unfit.Take(MaxNamed))
            yield return $"class {index} of {Classes} ({SwanTextException.Quote(classes[index])}) {fault!.TrimEnd('.')}";
        if (unfit.Length > MaxNamed) yield return $"{unfit.Length - MaxNamed} more classes can't be written";
        IGrouping<string, string>[] same = [.. classes.Where(c => !string.IsNullOrWhiteSpace(c))
            .GroupBy(c => c.Trim(), StringComparer.OrdinalIgnoreCase)
            .Where(g => g.Count() > 1)];
        foreach (IGrouping<string, string> group in same.Take(MaxNamed))
        {
            yield return $"{Classes} has {string.Join(" and ", group.Take(MaxNamed).Select(SwanTextException.Quote))}"
                + $"{More(group.Count())}, which no caption tells apart; expected each class once";
        }
        if (same.Length > MaxNamed) yield return $"{same.Length - MaxNamed} more classes of {Classes} are given more than once";
    }

    private static IEnumerable<string> OfTemplates(IReadOnlyList<string> templates, bool saved)
    {
        if (templates.Count is < 1 or > 1000)
            yield return $"{Templates} has {templates.Count:N0} templates; expected 1 to 1,000";
        foreach (string fault in Quoted(templates.Where(t => t is null || !t.Contains(Placeholder, StringComparison.Ordinal)),
            $"which has no {Placeholder}, so every class would be the same sentence; "
            + $"expected one such as 'an aerial image of {Placeholder}'"))
        {
            yield return fault;
        }
        foreach (string fault in Quoted(templates.Where(t => !saved && t is not null && HasOtherBraces(t)),
            $"which has braces that are not part of {Placeholder}; expected {Placeholder} where the class goes, and no others"))
        {
            yield return fault;
        }
    }

    private static IEnumerable<string> Quoted(IEnumerable<string> templates, string what)
    {
        string[] bad = [.. templates];
        foreach (string template in bad.Take(MaxNamed)) yield return $"{Templates} has {SwanTextException.Quote(template ?? "")}, {what}";
        if (bad.Length > MaxNamed) yield return $"so have {bad.Length - MaxNamed} more templates";
    }

    private static bool HasOtherBraces(string template) =>
        template.Replace(Placeholder, "", StringComparison.Ordinal).AsSpan().ContainsAny('{', '}');

    private static string More(int count) => count > MaxNamed ? $" and {count - MaxNamed} more" : "";
}
