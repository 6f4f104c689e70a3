using System.Globalization;
using Microsoft.ML.Runtime;
using Swan.MLNet.DataViews;
using Swan.MLNet.Imaging;
using Swan.MLNet.Numerics;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>The statistics of one pass: rows, faults by reason with the first few, and cut captions.</summary>
/// <remarks>
/// Counts rows that were reached, not those that were encoded ahead of the reader. Not safe for concurrent use: one per pass.
/// </remarks>
internal sealed class PassStatistics
{
    private const int Named = 5;
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly ReadingCounts _readings = new();
    private readonly List<string> _first = [];

    public long Rows { get; private set; }

    public long Cut { get; private set; }

    /// <summary>Rows that could not be embedded.</summary>
    public long Faults => _reasons.Values.Sum();

    /// <summary>The faults by reason, and the first of them.</summary>
    public string Reasons => $"{Counts}. {string.Join(" ", _first)}";

    private string Counts => string.Join(", ", _reasons.Select(r => $"{r.Key} {r.Value}"));

    /// <summary>Counts the row that the reader has reached.</summary>
    /// <param name="fault">Its fault, or null.</param>
    /// <param name="position">Its number in the data.</param>
    /// <param name="cut">Whether its caption was longer than the model takes.</param>
    /// <param name="reading">How its image was read; null where it was not.</param>
    public void Add(RowFault? fault, long position, bool cut, ImageReading? reading = null)
    {
        _readings.Add(reading);
        Rows++;
        if (cut) Cut++;
        if (fault is null) return;
        _reasons[fault.Reason] = _reasons.GetValueOrDefault(fault.Reason) + 1;
        if (_first.Count < Named) _first.Add(string.Create(CultureInfo.InvariantCulture, $"row {position}: {fault.Cause.Message}"));
    }

    /// <summary>
    /// Writes the summary to ML.NET's log, a warning where something was wrong, and starts again. Nothing where no row was read.
    /// </summary>
    public void Report(IHost host, string column, SwanOnError onError, int longest)
    {
        if (Rows == 0) return;
        long faults = Faults;
        var text = new List<string>
        {
            $"{Counted.Of(Rows, "row")} of '{column}' read, {Counted.Of(faults, "error")}",
        };
        if (faults > 0)
        {
            string outcome = onError switch
            {
                SwanOnError.Skip => "left out",
                SwanOnError.Missing => "missing values (NaN)",
                _ => "thrown",
            };
            text.Add($" ({Counts}; {outcome}). {string.Join(" ", _first)}");
            if (faults > _first.Count) text.Add(string.Create(CultureInfo.InvariantCulture, $" And {faults - _first.Count:N0} more."));
        }
        if (Cut > 0)
        {
            if (faults == 0) text.Add(".");
            text.Add($" {CaptionText.DescribeCut(Cut, Rows, longest)}");
        }
        if (_readings.Take() is { } readings) MlNetEnvironment.Info(host, "Embed", $"'{column}': {readings}");
        if (faults > 0 || Cut > 0) MlNetEnvironment.Warning(host, "Embed", string.Concat(text));
        else MlNetEnvironment.Info(host, "Embed", text[0] + ".");
        (Rows, Cut) = (0, 0);
        _reasons.Clear();
        _first.Clear();
    }
}
