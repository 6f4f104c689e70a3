using System.Numerics;
using Swan.MLNet.Imaging;

namespace Swan.Benchmarks.Looks;

/// <summary>How often a hash takes different pictures for one, and how often it misses an altered copy, by distance.</summary>
internal sealed class LookAlikes
{
    /// <summary>The largest distance that is counted.</summary>
    public const int Farthest = 16;

    private readonly ulong[] _hashes;
    private readonly long[] _alarms = new long[Farthest + 1];
    private readonly int[] _nearest;
    private readonly string?[] _scenes;
    private readonly Dictionary<string, long[]> _ofScene = [];

    /// <summary>Compares all pairs.</summary>
    /// <param name="hashes">Of the pictures as they are.</param>
    /// <param name="altered">For each alteration the pictures' hashes.</param>
    /// <param name="scenes">The pictures' scenes; null where there is none.</param>
    /// <param name="copies">Pairs that are known to be copies, lower position first: they are no false alarms.</param>
    public LookAlikes(ulong[] hashes, ulong[][] altered, string?[] scenes, IReadOnlySet<(int, int)> copies)
    {
        (_hashes, _scenes) = (hashes, scenes);
        _nearest = new int[hashes.Length];
        Array.Fill(_nearest, int.MaxValue);
        for (int i = 0; i < hashes.Length; i++)
        {
            for (int j = i + 1; j < hashes.Length; j++)
            {
                int distance = Distance(hashes[i], hashes[j]);
                if (distance > Farthest || copies.Contains((i, j))) continue;
                Add(i, j, distance);
            }
        }

        Misses = Array.ConvertAll(altered, copy => Enumerable.Range(0, Farthest + 1)
            .Select(d => hashes.Zip(copy).Count(pair => Distance(pair.First, pair.Second) > d)).ToArray());
        WithoutHash = hashes.Count(h => h == PerceptualHash.None);
    }

    /// <summary>For each alteration and distance, how many copies are missed.</summary>
    public int[][] Misses { get; }

    /// <summary>Pictures that have no hash.</summary>
    public int WithoutHash { get; }

    /// <summary>Pairs of different pictures that are no further apart.</summary>
    public long Alarms(int distance) => _alarms.Take(distance + 1).Sum();

    /// <summary>The same of the pairs within a scene.</summary>
    public long Alarms(int distance, string scene) => _ofScene.TryGetValue(scene, out long[]? alarms) ? alarms.Take(distance + 1).Sum() : 0;

    /// <summary>Pictures that have such a pair.</summary>
    public int Alarmed(int distance) => _nearest.Count(n => n <= distance);

    /// <summary>All pairs that are no further apart, copies too, the closest first.</summary>
    public IEnumerable<(int First, int Second, int Distance)> Closest(int distance) =>
        from i in Enumerable.Range(0, _hashes.Length)
        from j in Enumerable.Range(i + 1, _hashes.Length - i - 1)
        let d = Distance(_hashes[i], _hashes[j])
        where d <= distance
        orderby d
        select (i, j, d);

    private void Add(int i, int j, int distance)
    {
        _alarms[distance]++;
        _nearest[i] = Math.Min(_nearest[i], distance);
        _nearest[j] = Math.Min(_nearest[j], distance);
        if (_scenes[i] is not { } scene || scene != _scenes[j]) return;
        if (!_ofScene.TryGetValue(scene, out long[]? ofScene)) _ofScene[scene] = ofScene = new long[Farthest + 1];
        ofScene[distance]++;
    }

    // A picture without a hash is close to none.
    private static int Distance(ulong a, ulong b) =>
        a == PerceptualHash.None || b == PerceptualHash.None ? int.MaxValue : BitOperations.PopCount(a ^ b);
}
