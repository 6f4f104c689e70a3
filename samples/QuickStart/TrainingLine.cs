using System.Globalization;
using Swan.Training;

namespace QuickStart;

/// <summary>Shows training as one line that is rewritten, and keeps a line for each validation.</summary>
internal sealed class TrainingLine : IProgress<TrainingProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.2);
    private DateTime _shown;

    public void Report(TrainingProgress value)
    {
        if (value.Message is { } message) Keep(message);
        else if (value.Report is { Validation: { } measured } report)
        {
            Keep(string.Create(CultureInfo.InvariantCulture,
                $"epoch {report.Epoch + 1,2} of {value.Epochs}   {value.Elapsed:m\\:ss}   loss {report.Loss:F2}   mR "
                + $"{measured.MeanRecall:F1}"));
        }
        else if (value.Phase == TrainingPhase.Training) Show(value);
    }

    private void Show(TrainingProgress p)
    {
        if (Console.IsOutputRedirected || DateTime.UtcNow - _shown < Pause) return;
        _shown = DateTime.UtcNow;
        double done = (p.Epoch + (double)p.Step / p.Steps) / p.Epochs;
        if (p.Remaining is { } left) done = Math.Max(done, p.Elapsed / (p.Elapsed + left)); // a time limit may come first
        int full = (int)(24 * Math.Min(1, done));
        Write(
            $"{new string('━', full)}{new string('┄', 24 - full)}  {p.Elapsed:m\\:ss} elapsed, {p.Remaining:m\\:ss} left, "
            + $"{p.ImagesPerSecond:F0} images a second");
    }

    private void Keep(string line)
    {
        if (!Console.IsOutputRedirected) Write("");
        Console.WriteLine($"  {line}");
    }

    // ESC[K erases what a longer line left behind.
    private static void Write(string line) => Console.Write($"\r  {line}\e[K\r");
}
