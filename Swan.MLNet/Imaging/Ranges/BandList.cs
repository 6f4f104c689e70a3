using System.Globalization;

namespace Swan.MLNet.Imaging;

/// <summary>The numbers of one or three bands, from 1; equal where their numbers are.</summary>
internal sealed class BandList : IEquatable<BandList>
{
    /// <param name="bands">Copied.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are neither one nor three, or one is below 1.</exception>
    public BandList(IReadOnlyList<int> bands)
    {
        int[] copy = [.. bands];
        if (Fault(copy) is { } fault) throw new ArgumentOutOfRangeException(nameof(bands), Text(copy), $"The bands are {fault}");
        Numbers = copy;
    }

    public IReadOnlyList<int> Numbers { get; }

    /// <summary>What is wrong with a list, after "the bands are"; null where nothing is.</summary>
    public static string? Fault(IReadOnlyList<int> bands) => bands.Count is 1 or 3 && bands.All(b => b >= 1)
        ? null
        : $"'{Text(bands)}'; expected three numbers from 1 for red, green and blue, or one for gray.";

    /// <summary>Reads the output of <see cref="Text"/>; null if the text is not such a list.</summary>
    public static BandList? Parse(string text)
    {
        string[] parts = text.Split(',');
        // 0 is not a band, and stands for invalid numbers.
        int[] numbers =
        [
            .. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0),
        ];
        return Fault(numbers) is null ? new BandList(numbers) : null;
    }

    /// <summary>Such as <c>4,3,2</c>.</summary>
    public static string Text(IEnumerable<int> bands) =>
        string.Join(',', bands.Select(b => b.ToString(CultureInfo.InvariantCulture)));

    public bool Equals(BandList? other) => other is not null && Numbers.SequenceEqual(other.Numbers);

    public override bool Equals(object? obj) => Equals(obj as BandList);

    public override int GetHashCode() => Numbers.Aggregate(Numbers.Count, HashCode.Combine);

    public override string ToString() => Text(Numbers);
}
