using System.Numerics;
using System.Security.Cryptography;

namespace Swan.Batch.Runs;

/// <summary>Some images of a run, of each size: what a few large ones take, a sample of all would miss or exaggerate.</summary>
/// <remarks>
/// A stratum is a power of two of bytes, with a reservoir: memory doesn't depend on the number of images, and the same images give the
/// same sample. Images that are known and need not be read are a stratum, too. Where images can only be read with those that they lie
/// together with, a stratum's are of few such groups: a sample of all would read as much as the run.
/// </remarks>
/// <param name="most">Images that are kept of a stratum, at most.</param>
internal sealed class SizeSample(int most)
{
    private const int Known = -2, Unknown = -1, MostGroups = 2;

    private readonly Random _random = new(1);
    private readonly SortedDictionary<int, Reservoir> _strata = [];

    /// <summary>Adds an image.</summary>
    /// <param name="input">The image.</param>
    /// <param name="group">The group that it is read with; null: none.</param>
    public void Add(InputLine input, int? group = null)
    {
        if (most == 0) return;
        int size = input.IsKnown ? Known : input.Size is { } bytes ? BitOperations.Log2((ulong)bytes + 1) : Unknown;
        if (!_strata.TryGetValue(size, out Reservoir? stratum)) _strata[size] = stratum = new Reservoir { IsSized = size >= 0 };
        stratum.Rows++;
        if (size >= 0) stratum.Bytes += input.Size!.Value;
        if (group is { } of && !stratum.Takes(of)) return;
        stratum.Seen++;
        if (stratum.Images.Count < most) stratum.Images.Add((input, group));
        else if (_random.NextInt64(stratum.Seen) is var place && place < most) stratum.Images[(int)place] = (input, group);
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
            InputLine[] images = [.. s.Images.Select(i => i.Input)];
            _random.Shuffle(images);
            return new Stratum { Rows = s.Rows, Bytes = s.Bytes, IsSized = s.IsSized, Images = [.. images.Take(Math.Max(1, share))] };
        })];
    }

    /// <summary>Images of about one size.</summary>
    public sealed record Stratum
    {
        /// <summary>How many the run has.</summary>
        public long Rows { get; init; }

        /// <summary>Their bytes that are read; 0 where the source doesn't say.</summary>
        public long Bytes { get; init; }

        /// <summary>Whether <see cref="Bytes"/> says how many are read.</summary>
        public bool IsSized { get; init; }

        /// <summary>Those in the sample.</summary>
        public required IReadOnlyList<InputLine> Images { get; init; }
    }

    private sealed class Reservoir
    {
        private readonly SortedDictionary<int, int> _groups = [];

        public long Rows { get; set; }

        public long Bytes { get; set; }

        public bool IsSized { get; init; }

        public long Seen { get; set; }

        public List<(InputLine Input, int? Group)> Images { get; } = [];

        // Of all groups those whose hash is least, so that which they are depends on no order.
        public bool Takes(int group)
        {
            int hash = BitConverter.ToInt32(SHA256.HashData(BitConverter.GetBytes(group)));
            if (_groups.ContainsKey(hash)) return true;
            if (_groups.Count == MostGroups)
            {
                (int last, int given) = _groups.Last();
                if (hash > last) return false;
                _groups.Remove(last);
                Images.RemoveAll(i => i.Group == given);
            }
            _groups[hash] = group;
            return true;
        }
    }
}
