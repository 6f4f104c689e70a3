using System.Numerics;

namespace Swan.MLNet.Numerics;

/// <summary>Bits of a set of rows that begin anywhere.</summary>
internal static class MaskBits
{
    /// <summary>Up to 64 bits; the first is bit 0.</summary>
    /// <param name="words">Row r is bit r mod 64 of word r / 64.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many, 1 to 64. All of them lie within the words.</param>
    public static ulong From(ReadOnlySpan<ulong> words, int first, int count)
    {
        int word = first >> 6, shift = first & 63;
        ulong bits = words[word] >> shift;
        if (shift != 0 && 64 - shift < count) bits |= words[word + 1] << (64 - shift);
        return count == 64 ? bits : bits & ((1UL << count) - 1);
    }

    /// <summary>How many of some rows are in the set.</summary>
    /// <inheritdoc cref="From"/>
    public static int Count(ReadOnlySpan<ulong> words, int first, int count)
    {
        int found = 0;
        for (int i = 0; i < count; i += 64)
            found += BitOperations.PopCount(From(words, first + i, Math.Min(64, count - i)));
        return found;
    }

    /// <summary>Writes which of some rows are in the set, counted from the first, rising.</summary>
    /// <param name="words">Row r is bit r mod 64 of word r / 64.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    /// <param name="some">Room for all of them.</param>
    /// <returns>How many were written.</returns>
    public static int Fill(ReadOnlySpan<ulong> words, int first, int count, Span<int> some)
    {
        int found = 0;
        for (int i = 0; i < count; i += 64)
        {
            for (ulong bits = From(words, first + i, Math.Min(64, count - i)); bits != 0; bits &= bits - 1)
                some[found++] = i + BitOperations.TrailingZeroCount(bits);
        }
        return found;
    }
}
