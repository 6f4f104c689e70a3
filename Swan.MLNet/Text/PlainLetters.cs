using System.Collections.Frozen;

namespace Swan.MLNet.Text;

/// <summary>The plain letters and digits for other forms of them: full-width, mathematical, circled, raised and so on.</summary>
/// <remarks>
/// Unicode's compatibility decompositions of single letters and digits, and letters on dark circles and squares, which have none. Neither
/// needs ICU (<see cref="LatinAccents"/>). Raised and circled digits are not part of a number, so they are not here.
/// </remarks>
internal static class PlainLetters
{
    // A dot: none. U+2100 to U+214F.
    private const string Letterlike =
        "..C.......gHHHh.IILl.N...PQRRR......Z...Z.K.BC.eEF.Mo....i......"
        + ".....Ddeij......";

    // Raised and lowered letters, and the long s: they are spread over the blocks.
    private const string Scattered =
        "\u00AA\u00BA\u017F\u02B0\u02B2\u02B3\u02B7\u02B8\u02E1\u02E2\u02E3\u1D2C\u1D2E\u1D30\u1D31\u1D33\u1D34\u1D35\u1D36"
        + "\u1D37\u1D38\u1D39\u1D3A\u1D3C\u1D3E\u1D3F\u1D40\u1D41\u1D42\u1D43\u1D47\u1D48\u1D49\u1D4D\u1D4F\u1D50\u1D52\u1D56"
        + "\u1D57\u1D58\u1D5B\u1D62\u1D63\u1D64\u1D65\u1D9C\u1DA0\u1DBB\u2071\u207F\u2090\u2091\u2092\u2093\u2095\u2096\u2097"
        + "\u2098\u2099\u209A\u209B\u209C\u2C7C\u2C7D\uA7F2\uA7F3\uA7F4";
    private const string OfScattered =
        "aoshjrwylsxABDEGHIJKLMNOPRTUWabdegkmoptuviruvcfzinaeoxhklmnp"
        + "stjVCFQ";

    private static readonly FrozenDictionary<int, string> ScatteredLetters =
        Scattered.Zip(OfScattered).ToFrozenDictionary(pair => (int)pair.First, pair => pair.Second.ToString());

    private static readonly string[] RomanNumerals =
        ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "L", "C", "D", "M"];

    private static readonly string[] Ligatures = ["ff", "fi", "fl", "ffi", "ffl", "st", "st"];

    /// <summary>The plain form of a character beyond ASCII; null where it has none.</summary>
    public static string? Of(int c) => c switch
    {
        // Turkish: the upper and lower case of an i depend on the culture, and on ICU in .NET.
        '\u0130' => "I",
        '\u0131' => "i",
        // The sign of the angstrom is canonically the letter.
        '\u212B' => "\u00C5",
        >= '\u2100' and <= '\u214F' => Letterlike[c - '\u2100'] is var letter and not '.' ? letter.ToString() : null,
        >= '\u2160' and <= '\u216F' => RomanNumerals[c - '\u2160'],
        >= '\u2170' and <= '\u217F' => RomanNumerals[c - '\u2170'].ToLowerInvariant(),
        // In parentheses, then circled.
        >= '\u249C' and <= '\u24B5' => Letter('a', c - '\u249C'),
        >= '\u24B6' and <= '\u24CF' => Letter('A', c - '\u24B6'),
        >= '\u24D0' and <= '\u24E9' => Letter('a', c - '\u24D0'),
        >= '\uFB00' and <= '\uFB06' => Ligatures[c - '\uFB00'],
        >= '\uFF01' and <= '\uFF5E' => Letter('!', c - '\uFF01'),
        // Outlined.
        >= 0x1CCD6 and <= 0x1CCEF => Letter('A', c - 0x1CCD6),
        >= 0x1CCF0 and <= 0x1CCF9 => Letter('0', c - 0x1CCF0),
        // Thirteen alphabets of 26 capitals and 26 small letters, and five rows of digits. Letterlike fills their holes.
        >= 0x1D400 and <= 0x1D6A3 => (c - 0x1D400) % 52 is < 26 and int capital ? Letter('A', capital) : Letter('a', (c - 0x1D400) % 26),
        >= 0x1D7CE and <= 0x1D7FF => Letter('0', (c - 0x1D7CE) % 10),
        // In parentheses, squares, dark circles and dark squares.
        >= 0x1F110 and <= 0x1F189 when (c - 0x1F110) % 32 < 26 => Letter('A', (c - 0x1F110) % 32),
        // Circled in italics.
        0x1F12B => "C",
        0x1F12C => "R",
        // Digits of seven segments.
        >= 0x1FBF0 and <= 0x1FBF9 => Letter('0', c - 0x1FBF0),
        0x107A5 => "q",
        _ => ScatteredLetters.GetValueOrDefault(c),
    };

    private static string Letter(char first, int offset) => ((char)(first + offset)).ToString();
}
