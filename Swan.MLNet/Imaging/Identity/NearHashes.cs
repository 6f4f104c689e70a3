using System.Numerics;

namespace Swan.MLNet.Imaging;

/// <summary>Finds the perceptual hashes that look the same as a given one.</summary>
/// <remarks>
/// If two hashes differ in at most <see cref="PerceptualHash.LookAlikeDistance"/> (7) bits, at least one of their four 16-bit parts differs
/// in at most one bit. So each hash is listed under each of its four parts, and a search looks up 17 values of each part (multi-index
/// hashing: Norouzi, Punjani and Fleet, CVPR 2012). Of a million evenly spread hashes it compares a thousand. Safe for
/// concurrent use.
/// </remarks>
internal sealed class NearHashes
{
    private const int Parts = 4, PartBits = 16, Values = 1 << PartBits;

    private readonly ulong[] _hashes;

    // Under the value v of part p: positions[p][starts[p][v]] to positions[p][starts[p][v + 1] - 1], rising.
    private readonly int[][] _starts = new int[Parts][], _positions = new int[Parts][];

    /// <summary>Lists hashes.</summary>
    /// <param name="hashes">Kept, not copied.</param>
    public NearHashes(ulong[] hashes)
    {
        _hashes = hashes;
        for (int part = 0; part < Parts; part++)
        {
            int[] starts = new int[Values + 1], positions = new int[hashes.Length];
            foreach (ulong hash in hashes) starts[Value(hash, part) + 1]++;
            for (int value = 0; value < Values; value++) starts[value + 1] += starts[value];
            int[] next = starts[..Values];
            for (int i = 0; i < hashes.Length; i++) positions[next[Value(hashes[i], part)]++] = i;
            (_starts[part], _positions[part]) = (starts, positions);
        }
    }

    /// <summary>The first position of a hash that looks the same; -1 where there is none.</summary>
    /// <param name="hash">What is searched for.</param>
    /// <param name="limit">Positions from here on don't count.</param>
    public int First(ulong hash, int limit = int.MaxValue)
    {
        if (hash == PerceptualHash.None) return -1;
        int first = limit;
        for (int part = 0; part < Parts; part++)
        {
            int value = Value(hash, part);
            first = First(hash, part, value, first);
            for (int bit = 0; bit < PartBits; bit++) first = First(hash, part, value ^ (1 << bit), first);
        }

        return first == limit ? -1 : first;
    }

    private int First(ulong hash, int part, int value, int limit)
    {
        int[] starts = _starts[part], positions = _positions[part];
        for (int at = starts[value]; at < starts[value + 1] && positions[at] < limit; at++)
        {
            if (PerceptualHash.LookAlike(_hashes[positions[at]], hash)) return positions[at];
        }

        return limit;
    }

    private static int Value(ulong hash, int part) => (int)(hash >> (part * PartBits)) & (Values - 1);
}
