using Spectre.Console;
using Swan.Cli.Display;
using Swan.MLNet.Evaluation;
using Swan.Training;

namespace Swan.Cli.Tests.Display;

public sealed class TrainingDisplayTests
{
    private static readonly RetrievalMetrics Metrics = new(
        10, 50, new(7.41, 20.13, 30.86, 5, 9), new(5.56, 22.26, 37.41, 4, 8), 20.61, new(0.5, 0.25, 0.125, 0.75, 0.625, 0.375));

    [Fact]
    public void A_terminal_sees_one_live_line_with_epoch_step_loss_speed_and_time_left()
    {
        string text = Show(terminal: true, d =>
        {
            d.Report(new()
            {
                Phase = TrainingPhase.Training,
                Epoch = 1,
                Epochs = 50,
                Step = 3,
                Steps = 77,
                Loss = 12.3456,
                ImagesPerSecond = 8.04,
                Elapsed = TimeSpan.FromSeconds(65),
                Remaining = TimeSpan.FromHours(2.5),
            });
            d.Report(new()
            {
                Phase = TrainingPhase.Training,
                Epoch = 1,
                Epochs = 50,
                Step = 77,
                Steps = 77,
                Loss = 9,
                ImagesPerSecond = 8,
                Elapsed = TimeSpan.FromSeconds(66),
            });
        });
        Assert.Contains("\repoch 2/50  step 3/77  loss 12.35  8.0 images/s  01:05 elapsed, 2:30:00 left", text, StringComparison.Ordinal);
        Assert.Contains("\repoch 2/50  step 77/77  loss 9  8.0 images/s  01:06 elapsed, ? left", text, StringComparison.Ordinal);
        Assert.DoesNotContain("\n", text, StringComparison.Ordinal);
        Assert.EndsWith("\r", text, StringComparison.Ordinal); // cleared in the end
    }

    [Fact]
    public void A_loss_that_is_not_known_yet_is_left_out()
    {
        string text = Show(terminal: false, d => d.Report(new()
        {
            Phase = TrainingPhase.Training,
            Epochs = 50,
            Step = 1,
            Steps = 77,
            Loss = double.NaN,
            ImagesPerSecond = 8,
        }));
        Assert.StartsWith("epoch 1/50  step 1/77  8.0 images/s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_gets_whole_lines_and_not_one_a_step()
    {
        string text = Show(terminal: false, d =>
        {
            for (int step = 1; step <= 50; step++)
                d.Report(new() { Phase = TrainingPhase.Training, Epochs = 50, Step = step, Steps = 50, Loss = 1 });
        });
        Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("\r", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_epoch_adds_a_row_of_recalls_both_ways_mR_and_scene_recall()
    {
        string text = Show(terminal: false, d =>
        {
            d.Report(Epoch(0, Metrics, best: true));
            d.Report(Epoch(1, null, best: false));
            d.Report(Epoch(2, Metrics with { SceneRecall = null }, best: false));
        });
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Equal(["epoch", "loss", "images/s", "image→text", "R@1/5/10", "text→image", "R@1/5/10", "mR", "scene", "recall@1/5/10",
            "i→t,", "t→i"], Words(lines[0]));
        Assert.Equal(
            ["1", "0.5", "8.0", "7.41/20.13/30.86", "5.56/22.26/37.41", "20.61*", "0.50/0.25/0.12,", "0.75/0.62/0.38"], Words(lines[1]));
        Assert.Equal(["2", "0.5", "8.0"], Words(lines[2]));
        Assert.Equal(["3", "0.5", "8.0", "7.41/20.13/30.86", "5.56/22.26/37.41", "20.61", "–"], Words(lines[3]));

        static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        static TrainingProgress Epoch(int epoch, RetrievalMetrics? validation, bool best) =>
            new()
            {
                Phase = TrainingPhase.EpochDone,
                Epoch = epoch,
                Epochs = 3,
                Report = new(epoch, 3 * (epoch + 1), 0.5, 1e-3, 1, null, 8, 10, validation, best, true),
            };
    }

    [Fact]
    public void Messages_with_markup_in_them_are_shown_as_they_are()
    {
        Assert.Contains("a [b] 'c'", Show(terminal: true, d => d.Report(new() { Phase = TrainingPhase.Preparing, Message = "a [b] 'c'" })),
            StringComparison.Ordinal);
    }

    private static string Show(bool terminal, Action<TrainingDisplay> show)
    {
        var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            Out = new Output(writer, terminal),
        });
        using (var display = new TrainingDisplay(console)) show(display);
        return writer.ToString();
    }

    private sealed class Output(TextWriter writer, bool terminal) : IAnsiConsoleOutput
    {
        public TextWriter Writer => writer;

        public bool IsTerminal => terminal;

        public int Width => 120;

        public int Height => 40;

        public void SetEncoding(System.Text.Encoding encoding)
        {
        }
    }
}
