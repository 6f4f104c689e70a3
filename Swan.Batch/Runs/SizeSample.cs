using System.Numerics;

namespace Swan.Batch.Runs;

/// <summary>Some images of a run, of each size: what a few large ones take, a sample of all would miss or exaggerate.</summary>
/// <remarks>
/// A stratum is a power of two of bytes, with a reservoir: memory doesn't depend on the number of images, and the same images give the
/// same sample. Images that are known and need not be read are a stratum, too.
/// </remarks>
/// <param name="most">Images that are kept of a stratum, at most.</param>
internal sealed class SizeSample(int most)
{
    private const int Known = -2, Unknown = -1;

    private readonly Random _random = new(1);
    private readonly SortedDictionary<int, Stratum> _strata = [];

    /// <summary>Adds an image.</summary>
    public void Add(InputLine input)
    {
        if (most == 0) return;
        int size = input.IsKnown ? Known : input.Size is { } bytes ? BitOperations.Log2((ulong)bytes + 1) : Unknown;
        if (!_strata.TryGetValue(size, out Stratum? stratum)) _strata[size] = stratum = new Stratum { IsSized = size >= 0 };
        stratum.Rows++;
        if (size >= 0) stratum.Bytes += input.Size!.Value;
        if (stratum.Images.Count < most) stratum.Images.Add(input);
        else if (_random.NextInt64(stratum.Rows) is var place && place < most) stratum.Images[(int)place] = input;
    }

    /// <summary>Divides the sample: by the rows of a stratum and, as much, by its bytes.</summary>
    /// <returns>The strata, each with one image at least.</returns>
    public IReadOnlyList<Stratum> Choose()
    {
        double rows = _strata.Values.Sum(s => s.Rows), bytes = Math.Max(1, _strata.Values.Sum(s => s.Bytes));
        int all = (int)Math.Min(most, Math.Ceiling(rows / 10));
        return [.. _strata.Values.Select(s =>
        {
            int share = (int)Math.Ceiling(all * (s.Rows / rows + s.Bytes / bytes) / 2);
            // A reservoir that isn't full is in the order of keys, and images of a folder are alike.
            InputLine[] images = [.. s.Images];
            _random.Shuffle(images);
            return s with { Images = [.. images.Take(Math.Max(1, share))] };
        })];
    }

    /// <summary>Images of about one size.</summary>
    public sealed record Stratum
    {
        /// <summary>How many the run has.</summary>
        public long Rows { get; set; }

        /// <summary>Their bytes that are read; 0 where the source doesn't say.</summary>
        public long Bytes { get; set; }

        /// <summary>Whether <see cref="Bytes"/> says how many are read.</summary>
        public bool IsSized { get; init; }

        /// <summary>Those in the sample.</summary>
        public List<InputLine> Images { get; init; } = [];
    }
}
