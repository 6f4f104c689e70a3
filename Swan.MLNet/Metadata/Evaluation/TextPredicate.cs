using System.Text;

namespace Swan.MLNet.Metadata;

/// <summary>A comparison of texts, on UTF-8.</summary>
/// <remarks>
/// A part of a text is a part of its bytes, because no character's UTF-8 begins within another's. The order is that of UTF-16 code units,
/// as .NET's ordinal one is.
/// </remarks>
internal abstract class TextPredicate
{
    public abstract bool Passes(ReadOnlySpan<byte> text);

    /// <exception cref="SwanFilterException">The comparison doesn't fit texts.</exception>
    public static TextPredicate Of(FilterTerm term) => term switch
    {
        Comparison { Value.Content: string other } c => new Compared(Encoding.UTF8.GetBytes(other), c.Operator),
        Inclusion { List: [{ Content: string }, ..] } i => new Listed(
        [
            .. i.List.Select(value => Encoding.UTF8.GetBytes((string)value.Content!))
                .Order(Comparer<byte[]>.Create((a, b) => Compare(a, b))),
        ]),
        TextMatch m => new Matched(Encoding.UTF8.GetBytes(m.Part), m.Kind),
        _ => throw FilterPlan.Misfit(term, SwanColumnType.Text),
    };

    /// <summary>The order of two texts by UTF-16 code units.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        int same = a.CommonPrefixLength(b);
        if (same == a.Length || same == b.Length) return a.Length.CompareTo(b.Length);
        return Rank(a[same]).CompareTo(Rank(b[same]));
    }

    // The bytes' order is that of code points. Only characters above U+FFFF (from 0xF0), which UTF-16 has as surrogates, come before those
    // of U+E000 to U+FFFF (0xEE and 0xEF), and only first bytes are so great.
    private static int Rank(byte value) => value is 0xEE or 0xEF ? value + 0x10 : value;

    private sealed class Compared(byte[] other, FilterOperator comparison) : TextPredicate
    {
        public override bool Passes(ReadOnlySpan<byte> text) => comparison switch
        {
            FilterOperator.Equal => text.SequenceEqual(other),
            FilterOperator.NotEqual => !text.SequenceEqual(other),
            FilterOperator.Less => Compare(text, other) < 0,
            FilterOperator.LessOrEqual => Compare(text, other) <= 0,
            FilterOperator.Greater => Compare(text, other) > 0,
            _ => Compare(text, other) >= 0,
        };
    }

    private sealed class Listed(byte[][] others) : TextPredicate
    {
        public override bool Passes(ReadOnlySpan<byte> text)
        {
            int low = 0, high = others.Length - 1;
            while (low <= high)
            {
                int middle = (low + high) / 2, order = Compare(text, others[middle]);
                if (order == 0) return true;
                if (order < 0) high = middle - 1;
                else low = middle + 1;
            }
            return false;
        }
    }

    private sealed class Matched(byte[] part, TextMatchKind kind) : TextPredicate
    {
        public override bool Passes(ReadOnlySpan<byte> text) => kind switch
        {
            TextMatchKind.Contains => text.IndexOf(part) >= 0,
            TextMatchKind.StartsWith => text.StartsWith(part),
            _ => text.EndsWith(part),
        };
    }
}
