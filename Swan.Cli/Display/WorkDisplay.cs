using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Swan.MLNet.Search;

namespace Swan.Cli.Display;

/// <summary>Shows how far work is: a bar in a terminal, elsewhere a line a minute.</summary>
/// <param name="what">What is done, such as <c>images</c>, after the numbers.</param>
/// <param name="json">Standard output is for JSON: lines go to standard error, and there is no bar.</param>
internal sealed class WorkDisplay(string what, bool json) : IProgress<SwanIndexProgress>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly TextWriter _lines = new LogWriter(JsonOutput.Notes(json));
    private readonly bool _isLog = json || Console.IsOutputRedirected;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _shown;
    private ProgressTask? _bar;

    /// <summary>Shows work while it runs; it reports to this object.</summary>
    public void Show(Action work)
    {
        if (_isLog)
        {
            work();
            return;
        }
        AnsiConsole.Progress().AutoClear(true).Columns(new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                _bar = context.AddTask(what, autoStart: false);
                work();
            });
    }

    public void Report(SwanIndexProgress value)
    {
        if (_bar is { } bar)
        {
            if (!bar.IsStarted) bar.StartTask();
            bar.MaxValue = Math.Max(1, value.Total);
            bar.Value = value.Done;
            return;
        }
        if (!_isLog || _clock.Elapsed - _shown < Pause) return;
        _shown = _clock.Elapsed;
        _lines.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{value.Done:N0} of {value.Total:N0} {what}"));
    }
}
