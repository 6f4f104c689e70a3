using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Swan.MLNet.Datasets;

/// <summary>
/// How to divide a set into training and validation: at <see cref="Random"/>, by <see cref="Scene"/> or by <see cref="Group"/>.
/// </summary>
/// <remarks>Immutable and safe for concurrent use. JSON and command lines use its text.</remarks>
[JsonConverter(typeof(TextJsonConverter<SplitRule>))]
public sealed record SplitRule : IParsable<SplitRule>
{
    private const string GroupPrefix = "group:";

    private static readonly TimeSpan s_mostOfAName = TimeSpan.FromSeconds(1);

    private SplitRule(SplitKind kind, string pattern = "") => (Kind, Pattern) = (kind, pattern);

    /// <summary>A share of all images.</summary>
    public static SplitRule Random { get; } = new(SplitKind.Random);

    /// <summary>A share of every scene; images without a scene count as one more scene.</summary>
    public static SplitRule Scene { get; } = new(SplitKind.Scene);

    internal static SplitRule EarlierRandom { get; } = new(SplitKind.EarlierRandom);

    internal static SplitRule EarlierScene { get; } = new(SplitKind.EarlierScene);

    /// <summary>What is written where a rule is expected, for messages.</summary>
    public static string Forms => "random, scene or group:REGEX, such as group:^([^_]+)_";

    internal SplitKind Kind { get; }

    /// <summary>The regular expression of a group rule; empty for other kinds.</summary>
    internal string Pattern { get; }

    /// <summary>The rule that this version has for the one of an earlier version; every other rule is its own.</summary>
    internal SplitRule Present => Kind switch
    {
        SplitKind.EarlierRandom => Random,
        SplitKind.EarlierScene => Scene,
        _ => this,
    };

    /// <summary>Keeps groups of images whole, such as the tiles of one picture, so no group is on both sides.</summary>
    /// <param name="pattern">
    /// A regular expression without lookarounds and backreferences, applied to the image's name in the data set. Its first capture group,
    /// or without one the whole match, names the image's group. An image whose name does not match forms its own group.
    /// </param>
    /// <exception cref="FormatException">The pattern is not valid; the message says why.</exception>
    public static SplitRule Group(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        try
        {
            _ = Compile(pattern);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException(
                $"'{pattern}' can't group images: {e.Message.TrimEnd('.')}. Expected a regular expression without lookarounds and "
                + "backreferences, such as ^([^_]+)_ for the part of the name before the first _.", e);
        }
        return new(SplitKind.Group, pattern);
    }

    /// <summary>Reads <c>random</c>, <c>scene</c> or <c>group:REGEX</c>.</summary>
    /// <exception cref="FormatException">The text is none of these, or the regular expression is not valid.</exception>
    public static SplitRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > GroupPrefix.Length && text.StartsWith(GroupPrefix, StringComparison.Ordinal))
            return Group(text[GroupPrefix.Length..]);
        foreach (SplitKind kind in Enum.GetValues<SplitKind>())
        {
            if (kind != SplitKind.Group && new SplitRule(kind).ToString() == text) return new(kind);
        }
        throw new FormatException($"'{text}' is not a rule to divide images. Expected {Forms}.");
    }

    static SplitRule IParsable<SplitRule>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<SplitRule>.TryParse(
        [NotNullWhen(true)] string? s, IFormatProvider? provider, [MaybeNullWhen(false)] out SplitRule result)
    {
        try
        {
            result = s is null ? null : Parse(s);
        }
        catch (FormatException)
        {
            result = null;
        }
        return result is not null;
    }

    /// <summary><c>random</c>, <c>scene</c> or <c>group:REGEX</c>.</summary>
    public override string ToString() => Kind switch
    {
        SplitKind.Random => "random",
        SplitKind.Scene => "scene",
        SplitKind.EarlierRandom => "earlier_random",
        SplitKind.EarlierScene => "earlier_scene",
        _ => GroupPrefix + Pattern,
    };

    /// <summary>For each image its group's name, or null where the name doesn't match.</summary>
    /// <exception cref="SwanOptionsException">A name takes the pattern too long.</exception>
    internal string?[] GroupsOf(CaptionedImageSet set)
    {
        // Names come from outside, and so does the pattern: no name may take exponential time. .NET's matching that doesn't backtrack
        // would not, but misses matches of patterns that begin with something optional: a?b finds the second b of acbb.
        var regex = new Regex(Pattern, RegexOptions.CultureInvariant, s_mostOfAName);
        return [.. set.Images.Select(image => Named(MatchOf(image.FileName)))];

        Match MatchOf(string name)
        {
            try
            {
                return regex.Match(name);
            }
            catch (RegexMatchTimeoutException e)
            {
                throw new SwanOptionsException(
                    $"'{Pattern}' takes more than {s_mostOfAName.Seconds} s for the image '{name}'. Nothing was divided. Write it "
                    + "so each part of a name matches in only one way.", e);
            }
        }

        // A group that took no part, or is empty, names nothing.
        static string? Named(Match match)
        {
            string name = match.Groups.Count > 1 && match.Groups[1].Success ? match.Groups[1].Value : match.Value;
            return name.Length > 0 ? name : null;
        }
    }

    /// <summary>The names of the images that match no group, in order; empty for a rule without groups.</summary>
    internal IReadOnlyList<string> Unmatched(CaptionedImageSet set)
    {
        if (Kind != SplitKind.Group) return [];
        string?[] groups = GroupsOf(set);
        return [.. set.Images.Where((_, i) => groups[i] is null).Select(image => image.FileName)];
    }

    // Refuses what can only be matched by backtracking: lookarounds and backreferences.
    private static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
