using System.Globalization;
using Spectre.Console;
using Swan.MLNet.Retrieval;

namespace Swan.Training.Commands;

/// <summary>Shows a run: one live line that is rewritten in a terminal (now and then a line elsewhere), and a table row of metrics after each epoch.</summary>
internal sealed class TrainingDisplay(IAnsiConsole console) : IProgress<TrainingProgress>, IDisposable
{
    private static readonly TimeSpan TerminalPause = TimeSpan.FromSeconds(0.2), LogPause = TimeSpan.FromSeconds(30);
    private readonly bool _terminal = console.Profile.Capabilities.Ansi && !Console.IsOutputRedirected;
    private DateTime _shown;
    private int _liveLength;
    private bool _header;

    public void Report(TrainingProgress value)
    {
        if (value.Message is { } message)
        {
            ClearLine();
            console.WriteLine(message);
        }
        else if (value.Report is { } report) ShowEpoch(report);
        else Live(value);
    }

    public void Finish() => ClearLine();

    public void Dispose() => ClearLine();

    private void Live(TrainingProgress p)
    {
        DateTime now = DateTime.UtcNow;
        bool last = p.Steps > 0 && p.Step == p.Steps;
        if (now - _shown < (_terminal ? TerminalPause : LogPause) && !(last && _terminal)) return;
        _shown = now;
        string line = p.Phase switch
        {
            TrainingPhase.Preparing => string.Create(CultureInfo.InvariantCulture, $"decoding images {p.Step}/{p.Steps}"),
            TrainingPhase.Validating => $"epoch {p.Epoch + 1}/{p.Epochs}  validating …",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"epoch {p.Epoch + 1}/{p.Epochs}  step {p.Step}/{p.Steps}  loss {p.Loss:G4}  {p.ImagesPerSecond:F1} images/s  {Time(p.Elapsed)} gone, {(p.Remaining is { } left ? Time(left) : "?")} left"),
        };
        if (_terminal)
        {
            string cut = line.Length < console.Profile.Width ? line : line[..(console.Profile.Width - 1)];
            Console.Write($"\r{cut.PadRight(_liveLength)}");
            _liveLength = cut.Length;
        }
        else console.WriteLine(line);
    }

    private void ShowEpoch(EpochReport report)
    {
        ClearLine();
        if (!_header)
        {
            console.MarkupLine("[bold] epoch     loss   images/s   image→text R@1/5/10    text→image R@1/5/10      mR   scene recall@1/5/10 i→t, t→i[/]");
            _header = true;
        }

        string left = string.Create(CultureInfo.InvariantCulture, $"{report.Epoch + 1,6}{report.Loss,9:G4}{report.ImagesPerSecond,11:F1}");
        if (report.Validation is not { } m)
        {
            console.WriteLine(left);
            return;
        }

        string scenes = m.SceneRecall is { } s ? string.Create(CultureInfo.InvariantCulture, $"{s.ImageToTextAt1:F2}/{s.ImageToTextAt5:F2}/{s.ImageToTextAt10:F2}, {s.TextToImageAt1:F2}/{s.TextToImageAt5:F2}/{s.TextToImageAt10:F2}") : "–";
        string mean = string.Create(CultureInfo.InvariantCulture, $"{m.MeanRecall,6:F2}");
        console.MarkupLine(Markup.Escape($"{left}{Recalls(m.ImageToText),22}{Recalls(m.TextToImage),23}  ") + (report.Best ? $"[green]{mean} *[/]" : $"{mean}  ") + Markup.Escape($" {scenes}"));
    }

    private static string Recalls(DirectionMetrics d) => string.Create(CultureInfo.InvariantCulture, $"{d.RecallAt1:F2}/{d.RecallAt5:F2}/{d.RecallAt10:F2}");

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:mm\\:ss}";

    private void ClearLine()
    {
        if (_terminal && _liveLength > 0) Console.Write($"\r{new string(' ', _liveLength)}\r");
        _liveLength = 0;
    }
}
