using System.Globalization;

namespace Swan.MLNet.Imaging;

/// <summary>Counts images whose reading involved a choice, by the choice, for a summary.</summary>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class ReadingCounts
{
    private const int Named = 5;
    private readonly Dictionary<string, long> _kinds = new(StringComparer.Ordinal);

    /// <summary>Takes an image.</summary>
    /// <param name="reading">How it was read; null where it was not.</param>
    /// <returns>Whether its reading involved a choice.</returns>
    public bool Add(ImageReading? reading)
    {
        if (reading is not { HasChoices: true }) return false;
        _kinds[reading.Kind] = _kinds.GetValueOrDefault(reading.Kind) + 1;
        return true;
    }

    /// <summary>Returns the counts as text and starts again; null without any.</summary>
    public string? Take()
    {
        if (_kinds.Count == 0) return null;
        string[] kinds = [.. _kinds.OrderByDescending(k => k.Value).ThenBy(k => k.Key, StringComparer.Ordinal).Take(Named)
            .Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Value:N0} × {k.Key}"))];
        string more = _kinds.Count > Named ? $", and {_kinds.Count - Named} other kinds" : "";
        _kinds.Clear();
        return $"Images whose range, bands or no-data value had to be decided: {string.Join(", ", kinds)}{more}. "
            + "'swan inspect IMAGE' shows one.";
    }
}
