using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;
using OxyPlot.SkiaSharp;
using Swan.Training.Evaluation;

namespace Swan.Training.Reports;

/// <summary>Draws a reliability diagram: what was predicted across, what came true upward; the diagonal is right.</summary>
internal static class ReliabilityPlot
{
    private const int Side = 640;

    /// <summary>A PNG.</summary>
    /// <param name="report">What was predicted, and what came true.</param>
    /// <param name="title">Above the picture.</param>
    public static byte[] Draw(SwanCalibrationReport report, string title)
    {
        var plot = new PlotModel { Background = OxyColors.White, Title = title, TitleFontSize = 16, PlotAreaBorderColor = OxyColors.Gray };
        plot.Legends.Add(new Legend { LegendPosition = LegendPosition.TopLeft, LegendFontSize = 13 });
        plot.Axes.Add(Shares(AxisPosition.Bottom, "predicted probability"));
        plot.Axes.Add(Shares(AxisPosition.Left, "share that is right"));
        var diagonal = new LineSeries { Color = OxyColors.Gray, LineStyle = LineStyle.Dash, StrokeThickness = 1 };
        diagonal.Points.AddRange([new DataPoint(0, 0), new DataPoint(1, 1)]);
        plot.Series.Add(diagonal);
        plot.Series.Add(Line(report.Any, "anything is right", OxyColor.FromRgb(33, 113, 181), MarkerType.Circle));
        plot.Series.Add(Line(report.Hits, "a hit is right", OxyColor.FromRgb(217, 95, 14), MarkerType.Square));
        using var png = new MemoryStream();
        // shaping would need HarfBuzz's natives
        new PngExporter { Width = Side, Height = Side, UseTextShaping = false }.Export(plot, png);
        return png.ToArray();
    }

    private static LinearAxis Shares(AxisPosition position, string title) => new()
    {
        Position = position, Title = title, Minimum = 0, Maximum = 1, MajorStep = 0.2, MinorStep = 0.1, FontSize = 13, TitleFontSize = 14,
        MajorGridlineStyle = LineStyle.Solid, MajorGridlineColor = OxyColor.FromRgb(230, 230, 230),
    };

    private static LineSeries Line(IReadOnlyList<SwanReliabilityBin> bins, string title, OxyColor color, MarkerType marker)
    {
        var line = new LineSeries { Title = title, Color = color, MarkerType = marker, MarkerSize = 4, MarkerFill = color };
        foreach (SwanReliabilityBin bin in bins)
        {
            if (bin.Count > 0) line.Points.Add(new DataPoint(bin.Predicted, bin.Observed));
        }
        return line;
    }
}
