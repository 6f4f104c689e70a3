using System.Globalization;

namespace Swan.Geo.Coordinates;

/// <summary>A part of a coordinate system as well-known text, of either version: PROJCS["…", GEOGCS[…], UNIT["metre", 1]].</summary>
/// <remarks>Source: OGC 01-009, clause 7, and ISO 19162:2019 (OGC 18-010r7).</remarks>
/// <param name="Keyword">In capital letters.</param>
/// <param name="Values">Texts without their quotation marks, numbers and words.</param>
/// <param name="Parts">Parts within it.</param>
internal sealed record WellKnownText(string Keyword, IReadOnlyList<string> Values, IReadOnlyList<WellKnownText> Parts)
{
    // Systems made of systems have some ten levels.
    private const int MostLevels = 64;

    /// <summary>What it is called.</summary>
    public string Name => Values.Count > 0 ? Values[0] : Keyword;

    /// <summary>Its own code in the EPSG registry, not that of a part; null without one.</summary>
    public int? EpsgCode => Parts.FirstOrDefault(p => p is { Keyword: "AUTHORITY" or "ID", Values.Count: >= 2 }) is { } id
        && id.Values[0].Equals("EPSG", StringComparison.OrdinalIgnoreCase)
        && int.TryParse(id.Values[1], NumberStyles.None, CultureInfo.InvariantCulture, out int code) ? code : null;

    /// <summary>Longitudes and latitudes rather than a map's x and y.</summary>
    public bool IsGeographic => Keyword is "GEOGCS" or "GEOGCRS" or "GEOGRAPHICCRS" or "GEODCRS" or "GEODETICCRS";

    /// <summary>Eastings and northings.</summary>
    public bool IsProjected => Keyword is "PROJCS" or "PROJCRS" or "PROJECTEDCRS";

    /// <summary>The system of x and y: itself, or the one that it is made of with heights or with a way to another one.</summary>
    public WellKnownText? Horizontal => IsGeographic || IsProjected ? this : Keyword switch
    {
        "COMPD_CS" or "COMPOUNDCRS" => Parts.Select(p => p.Horizontal).FirstOrDefault(p => p is not null),
        "BOUNDCRS" => Parts.FirstOrDefault(p => p.Keyword == "SOURCECRS")?.Parts.FirstOrDefault()?.Horizontal,
        _ => null,
    };

    /// <summary>Meters of a projected system's unit; null where it doesn't say.</summary>
    public double? MetersPerUnit => Parts.FirstOrDefault(p => p is { Keyword: "UNIT" or "LENGTHUNIT", Values.Count: >= 2 }) is { } unit
        && double.TryParse(unit.Values[1], NumberStyles.Float, CultureInfo.InvariantCulture, out double meters) ? meters : null;

    /// <summary>Reads a text.</summary>
    /// <exception cref="FormatException">It is not well-known text.</exception>
    public static WellKnownText Parse(string text)
    {
        int at = 0;
        WellKnownText read = Part(text, ref at, MostLevels);
        return Skip(text, at) == text.Length ? read : throw new FormatException($"it continues after its end at position {at}");
    }

    private static WellKnownText Part(string text, ref int at, int levels)
    {
        string keyword = Word(text, ref at);
        if (levels == 0 || keyword.Length == 0 || at == text.Length || text[at] is not ('[' or '('))
            throw new FormatException($"expected a keyword and a bracket at position {at}");
        List<string> values = [];
        List<WellKnownText> parts = [];
        do
        {
            at = Skip(text, at + 1);
            if (at < text.Length && text[at] == '"')
            {
                values.Add(Quoted(text, ref at));
            }
            else
            {
                int start = at;
                string word = Word(text, ref at);
                if (at < text.Length && text[at] is '[' or '(') parts.Add(Part(text, ref start, levels - 1));
                else values.Add(word);
                at = Math.Max(at, start);
            }
            at = Skip(text, at);
        }
        while (at < text.Length && text[at] == ',');
        if (at == text.Length || text[at] is not (']' or ')')) throw new FormatException($"a bracket is not closed at position {at}");
        at = Skip(text, at + 1);
        return new(keyword.ToUpperInvariant(), values, parts);
    }

    // Two quotation marks are one.
    private static string Quoted(string text, ref int at)
    {
        int start = ++at;
        for (; at < text.Length; at++)
        {
            if (text[at] != '"') continue;
            if (at + 1 == text.Length || text[at + 1] != '"') return text[start..at++].Replace("\"\"", "\"", StringComparison.Ordinal);
            at++;
        }
        throw new FormatException("a quotation mark is not closed");
    }

    private static string Word(string text, ref int at)
    {
        int start = at = Skip(text, at);
        while (at < text.Length && text[at] is not (',' or '[' or ']' or '(' or ')' or '"')) at++;
        return text[start..at].Trim();
    }

    private static int Skip(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
