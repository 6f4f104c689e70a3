using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using OxyPlot.SkiaSharp;
using Swan.MLNet;

namespace Swan.Training;

/// <summary>Draws loss and validation mR over the epochs.</summary>
internal static class TrainingCurves
{
    private const int Width = 1000, Height = 560;

    /// <summary>Draws, or says why it can't be drawn.</summary>
    public static void TryWrite(IReadOnlyList<EpochReport> reports, string path, Action<string> say)
    {
        try
        {
            Write(reports, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DllNotFoundException or TypeInitializationException)
        {
            say($"'{path}' can't be drawn: {(e.InnerException ?? e).Message} Training continues without it.");
        }
    }

    private static void Write(IReadOnlyList<EpochReport> reports, string path)
    {
        var plot = new PlotModel { Background = OxyColors.White, Title = "SWAN training", TitleFontSize = 18 };
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Bottom,
            Title = "epoch",
            MinimumMajorStep = 1,
            MinimumMinorStep = 1,
            MajorGridlineStyle = LineStyle.Dot,
        });
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Left,
            Key = "loss",
            Title = "training loss",
            TextColor = OxyColors.SteelBlue,
            TitleColor = OxyColors.SteelBlue,
            MinimumPadding = 0.05,
            MaximumPadding = 0.05,
        });
        plot.Axes.Add(new LinearAxis
        {
            Position = AxisPosition.Right,
            Key = "mR",
            Title = "validation mR (%)",
            TextColor = OxyColors.OrangeRed,
            TitleColor = OxyColors.OrangeRed,
            Minimum = 0,
            MaximumPadding = 0.1,
        });
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.TopCenter, LegendOrientation = LegendOrientation.Horizontal });

        LineSeries loss = Curve("training loss", "loss", OxyColors.SteelBlue), recall = Curve("validation mR", "mR", OxyColors.OrangeRed);
        foreach (EpochReport report in reports)
        {
            loss.Points.Add(new DataPoint(report.Epoch + 1, report.Loss));
            if (report.Validation is { } metrics) recall.Points.Add(new DataPoint(report.Epoch + 1, metrics.MeanRecall));
        }

        plot.Series.Add(loss);
        plot.Series.Add(recall);
        var exporter = new PngExporter { Width = Width, Height = Height, UseTextShaping = false }; // shaping would need HarfBuzz's natives
        AtomicFile.Write(path, stream => exporter.Export(plot, stream));
    }

    private static LineSeries Curve(string title, string axis, OxyColor color) =>
        new()
        {
            Title = title,
            YAxisKey = axis,
            Color = color,
            StrokeThickness = 2,
            MarkerType = MarkerType.Circle,
            MarkerSize = 3,
            MarkerFill = color,
        };
}
