using System.Collections.Concurrent;

namespace Swan.MLNet.Imaging;

/// <summary>For each position of a resampled axis, which source positions it mixes and with what fixed-point weights.</summary>
internal sealed class ResamplingWindows
{
    /// <summary>Weights have this many bits after the point.</summary>
    public const int PrecisionBits = 22;

    /// <summary>The weight that stands for 1.</summary>
    public const int One = 1 << PrecisionBits;

    /// <summary>How many of them the lower half of a weight has.</summary>
    public const int LowBits = PrecisionBits / 2;

    /// <summary>What rounds a weighted sum instead of cutting it.</summary>
    public const int Half = One / 2;

    // 64 MiB at most, of weights and their halves: those of 15,000 pixels for an encoder of 256.
    private const int MaxCached = 256;
    private const int MaxCachedWeights = 1 << 15;
    private const int Step = 4;
    private const int LowMask = (1 << LowBits) - 1;
    private static readonly ConcurrentDictionary<(PictureSide From, int To), ResamplingWindows> Cache = new();

    private readonly int[] _weights;
    private readonly int[] _counts;
    private readonly int[] _high = [], _low = [];
    private readonly int _stride;

    private ResamplingWindows(PictureSide from, int to)
    {
        const double Unit = PictureSide.Unit;
        double scale = from.Length / Unit / to;
        double filterScale = Math.Max(scale, 1);
        double support = filterScale; // the triangle's support is 1 at scale 1
        _stride = ((int)Math.Ceiling(support) * 2 + 1 + Step - 1) / Step * Step;
        First = new int[to];
        _counts = new int[to];
        _weights = new int[checked(to * _stride)];
        var window = new double[_stride];
        for (int position = 0; position < to; position++)
        {
            // Pixels that are only partly of the picture are left out; where an image is enlarged, a center may lie in one.
            double center = Math.Clamp(from.Start / Unit + (position + 0.5) * scale, from.First, from.End);
            int first = Math.Max((int)(center - support + 0.5), from.First);
            int count = Math.Min((int)(center + support + 0.5), from.End) - first;
            double total = 0;
            for (int i = 0; i < count; i++)
            {
                window[i] = Math.Max(0, 1 - Math.Abs((i + first - center + 0.5) / filterScale));
                total += window[i];
            }

            First[position] = first;
            _counts[position] = count;
            for (int i = 0; i < count; i++) _weights[position * _stride + i] = (int)(0.5 + window[i] / total * One);
            Reach = Math.Max(Reach, (first + Padded(count)) * 3 + Step);
        }
        if (!ResamplingVectors.IsSupported) return;
        (_high, _low) = (new int[_weights.Length / 2], new int[_weights.Length / 2]);
        for (int i = 0; i < _weights.Length; i += 2)
        {
            (int one, int other) = (_weights[i], _weights[i + 1]);
            _high[i / 2] = one >> LowBits | other >> LowBits << 16;
            _low[i / 2] = one & LowMask | (other & LowMask) << 16;
        }
    }

    /// <summary>The first source position of each window.</summary>
    public int[] First { get; }

    /// <summary>How many bytes of RGB vectors touch that begin with a row.</summary>
    public int Reach { get; }

    /// <summary>The most weights of a window.</summary>
    public int MostWeights => _stride;

    /// <summary>The weights of one window; they add up to <see cref="One"/> but for rounding.</summary>
    public ReadOnlySpan<int> Weights(int position) => _weights.AsSpan(position * _stride, _counts[position]);

    /// <summary>The weights of one window, with zeros up to the next multiple of four.</summary>
    public ReadOnlySpan<int> PaddedWeights(int position) =>
        _weights.AsSpan(position * _stride, Padded(_counts[position]));

    /// <summary>The higher halves of one window's weights, two in a number, the first in its lower 16 bits; zeros as above.</summary>
    /// <remarks>Only where <see cref="ResamplingVectors.IsSupported"/>.</remarks>
    public ReadOnlySpan<int> HighPairs(int position) => _high.AsSpan(position * _stride / 2, Padded(_counts[position]) / 2);

    /// <summary>The lower halves.</summary>
    public ReadOnlySpan<int> LowPairs(int position) => _low.AsSpan(position * _stride / 2, Padded(_counts[position]) / 2);

    /// <summary>The windows for an axis; those of common sizes are kept, since data sets repeat them.</summary>
    public static ResamplingWindows Get(PictureSide from, int to)
    {
        if (Cache.TryGetValue((from, to), out ResamplingWindows? windows)) return windows;
        windows = new ResamplingWindows(from, to);
        if (Cache.Count < MaxCached && windows._weights.Length <= MaxCachedWeights) Cache.TryAdd((from, to), windows);
        return windows;
    }

    private static int Padded(int count) => (count + Step - 1) / Step * Step;
}
