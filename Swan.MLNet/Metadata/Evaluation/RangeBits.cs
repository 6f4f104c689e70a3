using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Swan.MLNet.Metadata;

/// <summary>Compares values, 64 rows at a time, and removes those that don't fit from a set of rows.</summary>
internal static class RangeBits
{
    private const int WordRows = 64;

    // Words between two looks at the token: some microseconds.
    private const int Between = 256;

    // Of more ranges than this, looking a value up takes less time than comparing it with each.
    private const int MaxCompared = 16;

    /// <summary>Keeps the rows whose value is in one of some ranges, or with <paramref name="outside"/> in none.</summary>
    /// <param name="values">A value for each row.</param>
    /// <param name="lows">Where each range begins, itself included.</param>
    /// <param name="highs">Where each range ends, itself included.</param>
    /// <param name="outside">Whether rows in none of the ranges are kept instead.</param>
    /// <param name="words">The set.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static void Keep<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<T> lows, ReadOnlySpan<T> highs, bool outside, Span<ulong> words,
        CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        if (lows.Length > MaxCompared)
        {
            KeepLookedUp(values, lows, highs, outside, words, cancellation);
            return;
        }
        ref T first = ref MemoryMarshal.GetReference(values);
        int whole = values.Length / WordRows;
        ulong turn = outside ? ulong.MaxValue : 0;
        for (int w = 0; w < whole; w++)
        {
            Look(w, cancellation);
            if (words[w] == 0) continue;
            ulong inside = 0;
            for (int i = 0; i < lows.Length; i++)
            {
                inside |= Vector512.IsHardwareAccelerated
                    ? Inside512(ref first, w * WordRows, lows[i], highs[i])
                    : Inside256(ref first, w * WordRows, lows[i], highs[i]);
            }
            words[w] &= inside ^ turn;
        }
        for (int row = whole * WordRows; row < values.Length; row++)
        {
            bool inside = false;
            for (int i = 0; i < lows.Length; i++) inside |= values[row] >= lows[i] && values[row] <= highs[i];
            if (inside == outside) words[row >> 6] &= ~(1UL << (row & 63));
        }
    }

    /// <summary>Keeps the rows whose code is marked.</summary>
    /// <param name="codes">A code for each row.</param>
    /// <param name="marks">1 for each code that is kept, 0 for others; as many as codes can be.</param>
    /// <param name="words">The set.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static void KeepMarked<T>(
        ReadOnlySpan<T> codes, ReadOnlySpan<byte> marks, Span<ulong> words, CancellationToken cancellation)
        where T : unmanaged, IBinaryInteger<T>
    {
        for (int w = 0; w < words.Length; w++)
        {
            Look(w, cancellation);
            if (words[w] == 0) continue;
            ReadOnlySpan<T> some = codes.Slice(w * WordRows, Math.Min(WordRows, codes.Length - w * WordRows));
            ulong marked = 0;
            for (int i = 0; i < some.Length; i++) marked |= (ulong)marks[int.CreateTruncating(some[i])] << i;
            words[w] &= marked;
        }
    }

    /// <summary>Keeps the rows that pass a test, which only rows of the set are put to.</summary>
    /// <param name="words">The set.</param>
    /// <param name="passes">The test; it may take long.</param>
    /// <param name="cancellation">Ends the work, before the next row.</param>
    public static void KeepWhere(Span<ulong> words, Func<int, bool> passes, CancellationToken cancellation)
    {
        for (int w = 0; w < words.Length; w++)
        {
            for (ulong left = words[w]; left != 0; left &= left - 1)
            {
                cancellation.ThrowIfCancellationRequested();
                int bit = BitOperations.TrailingZeroCount(left);
                if (!passes(w * WordRows + bit)) words[w] &= ~(1UL << bit);
            }
        }
    }

    private static void Look(int word, CancellationToken cancellation)
    {
        if (word % Between == 0) cancellation.ThrowIfCancellationRequested();
    }

    // The ranges rise and don't touch.
    private static void KeepLookedUp<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<T> lows, ReadOnlySpan<T> highs, bool outside, Span<ulong> words,
        CancellationToken cancellation)
        where T : unmanaged, INumber<T>
    {
        for (int w = 0; w < words.Length; w++)
        {
            Look(w, cancellation);
            for (ulong left = words[w]; left != 0; left &= left - 1)
            {
                int bit = BitOperations.TrailingZeroCount(left);
                T value = values[w * WordRows + bit];
                int found = lows.BinarySearch(value);
                bool inside = found >= 0 || ~found > 0 && value <= highs[~found - 1];
                if (inside == outside) words[w] &= ~(1UL << bit);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Inside512<T>(ref T first, int row, T low, T high) where T : unmanaged
    {
        Vector512<T> lows = Vector512.Create(low), highs = Vector512.Create(high);
        ulong inside = 0;
        for (int i = 0; i < WordRows; i += Vector512<T>.Count)
        {
            Vector512<T> values = Vector512.LoadUnsafe(ref first, (nuint)(row + i));
            inside |= (Vector512.GreaterThanOrEqual(values, lows) & Vector512.LessThanOrEqual(values, highs))
                .ExtractMostSignificantBits() << i;
        }
        return inside;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Inside256<T>(ref T first, int row, T low, T high) where T : unmanaged
    {
        Vector256<T> lows = Vector256.Create(low), highs = Vector256.Create(high);
        ulong inside = 0;
        for (int i = 0; i < WordRows; i += Vector256<T>.Count)
        {
            Vector256<T> values = Vector256.LoadUnsafe(ref first, (nuint)(row + i));
            inside |= (ulong)(Vector256.GreaterThanOrEqual(values, lows) & Vector256.LessThanOrEqual(values, highs))
                .ExtractMostSignificantBits() << i;
        }
        return inside;
    }
}
