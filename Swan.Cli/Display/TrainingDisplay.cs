using System.Globalization;
using Spectre.Console;
using Swan.MLNet.Evaluation;
using Swan.MLNet.Numerics;
using Swan.Training;

namespace Swan.Cli.Display;

/// <summary>Shows a run: one live line that is rewritten in a terminal (elsewhere a line now and then), and a table row of metrics after
/// each epoch.</summary>
internal sealed class TrainingDisplay(IAnsiConsole console) : IProgress<TrainingProgress>, IDisposable
{
    private const int StepsToEstimate = 5;
    private static readonly TimeSpan TerminalPause = TimeSpan.FromSeconds(0.2), LogPause = TimeSpan.FromSeconds(30);
    private readonly bool _terminal = console.Profile.Capabilities.Ansi && console.Profile.Out.IsTerminal;
    private readonly TextWriter _writer = new LogWriter(console.Profile.Out.Writer);
    private DateTime _shown;
    private int _liveLength;
    private bool _header, _learning;
    private int _steps;

    public void Report(TrainingProgress value)
    {
        if (value.Message is { } message) Line(message);
        else if (value.Report is { } report) ShowEpoch(report);
        else
        {
            Estimate(value);
            Live(value);
        }
    }

    /// <summary>Says something that is not of the run itself, such as how its options were chosen.</summary>
    public void Say(string message) => Line(message);

    /// <summary>Says why the run ended, what it leaves and what comes next.</summary>
    /// <param name="result">How it went.</param>
    /// <param name="resume">The command that resumes it.</param>
    /// <param name="export">The command that makes a model file of it.</param>
    public void Finish(TrainingResult result, string resume, string export)
    {
        Line(result.End switch
        {
            StopReason.Cancelled => $"Stopped. Resume with: {resume}",
            StopReason.TimeLimit => "The time limit is reached.",
            StopReason.EarlyStopping => "mR has stopped rising.",
            _ => "All epochs are done.",
        });
        Line(result.Best is { } best
            ? string.Create(CultureInfo.InvariantCulture,
                $"Best: epoch {result.BestEpoch + 1}, mR {best.MeanRecall:F2} on "
                + $"{Counted.Of(best.Images, "validation image")}. Weights, metrics and curves are in '{result.Run.Folder}'.")
            : result.Run.Options.TrainOnValidation
                ? $"No images were held out to measure mR; the last weights, metrics and curves are in '{result.Run.Folder}'."
            : $"No epoch has been validated yet; the weights so far are in '{result.Run.Folder}'.", "bold");
        Line($"Next: {export}");
    }

    public void Dispose() => ClearLine();

    // The first steps are slower than others, and the last tell nothing new.
    private void Estimate(TrainingProgress p)
    {
        if (p.Phase != TrainingPhase.Training || ++_steps != StepsToEstimate || p.Remaining is not { } left) return;
        Line(string.Create(CultureInfo.InvariantCulture,
            $"About {Time(left)} left for {Counted.Of(p.Epochs - p.Epoch, "epoch")} of {Counted.Of(p.Steps, "step")}, from the first "
            + $"{_steps} steps, without validation ({p.ImagesPerSecond:F1} images/s)."));
    }

    private void Live(TrainingProgress p)
    {
        DateTime now = DateTime.UtcNow;
        // The first step shows that all is well; in a terminal the last of an epoch completes the count.
        bool notable = p.Phase == TrainingPhase.Training && (!_learning || (_terminal && p.Step == p.Steps));
        if (now - _shown < (_terminal ? TerminalPause : LogPause) && !notable) return;
        _shown = now;
        _learning |= p.Phase == TrainingPhase.Training;
        // A GPU reports losses late.
        string loss = double.IsNaN(p.Loss) ? "" : string.Create(CultureInfo.InvariantCulture, $"  loss {p.Loss:G4}");
        string line = p.Phase switch
        {
            TrainingPhase.Preparing => string.Create(CultureInfo.InvariantCulture, $"decoding images {p.Step}/{p.Steps}"),
            TrainingPhase.Validating => $"epoch {p.Epoch + 1}/{p.Epochs}  validating …",
            _ => string.Create(CultureInfo.InvariantCulture,
                $"epoch {p.Epoch + 1}/{p.Epochs}  step {p.Step}/{p.Steps}{loss}  {p.ImagesPerSecond:F1} images/s  "
                    + $"{Time(p.Elapsed)} elapsed, {(p.Remaining is { } left ? Time(left) : "?")} left"),
        };
        if (!_terminal)
        {
            Line(line);
            return;
        }

        string cut = line.Length < console.Profile.Width ? line : line[..(console.Profile.Width - 1)];
        _writer.Write($"\r{cut.PadRight(_liveLength)}");
        _writer.Flush();
        _liveLength = cut.Length;
    }

    private void ShowEpoch(EpochReport report)
    {
        if (!_header)
        {
            Line(" epoch     loss   images/s   image→text R@1/5/10    text→image R@1/5/10      mR   scene recall@1/5/10 i→t, t→i", "bold");
            _header = true;
        }

        string left = string.Create(CultureInfo.InvariantCulture, $"{report.Epoch + 1,6}{report.Loss,9:G4}{report.ImagesPerSecond,11:F1}");
        if (report.Validation is not { } m)
        {
            Line($"{left}{(report.Complete ? "" : "  (cut short)")}");
            return;
        }

        string scenes = m.SceneRecall is { } s
            ? string.Create(CultureInfo.InvariantCulture,
            $"{s.ImageToTextAt1:F2}/{s.ImageToTextAt5:F2}/{s.ImageToTextAt10:F2}, "
            + $"{s.TextToImageAt1:F2}/{s.TextToImageAt5:F2}/{s.TextToImageAt10:F2}") : "–";
        string mean = string.Create(CultureInfo.InvariantCulture, $"{m.MeanRecall,8:F2}{(report.Best ? '*' : ' ')}");
        Line($"{left}{Recalls(m.ImageToText),22}{Recalls(m.TextToImage),23}{mean}  {scenes}{(report.Complete ? "" : "  (cut short)")}",
            report.Best ? "green" : null);
    }

    private static string Recalls(DirectionMetrics d) =>
        string.Create(CultureInfo.InvariantCulture, $"{d.RecallAt1:F2}/{d.RecallAt5:F2}/{d.RecallAt10:F2}");

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:mm\\:ss}";

    // Plain lines are whole: the console would break them at its width, and a command in them could not be copied.
    private void Line(string text, string? style = null)
    {
        ClearLine();
        if (!_terminal || style is null) _writer.WriteLine(text);
        else console.MarkupLine($"[{style}]{Markup.Escape(text)}[/]");
        _writer.Flush();
    }

    private void ClearLine()
    {
        if (_terminal && _liveLength > 0) _writer.Write($"\r{new string(' ', _liveLength)}\r");
        _liveLength = 0;
    }
}
