using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;
using OxyPlot.SkiaSharp;
using Swan.Training.Evaluation;

namespace Swan.Training.Reports;

/// <summary>Draws a confusion matrix: a row for each scene, a column for each scene found, shares of the row as colors.</summary>
internal static class SceneConfusionPlot
{
    /// <summary>Pixels of a cell, of the labels beside the cells, and of title and axis titles.</summary>
    private const int Cell = 36, Labels = 190, Titles = 90;

    /// <summary>Shares from here on are written into their cells, in percent.</summary>
    private const double MinWritten = 0.05;

    // White to dark blue: one hue whose lightness falls all the way, so that it also reads in gray.
    private static readonly OxyColor[] Blues =
        [
            OxyColors.White, OxyColor.FromRgb(198, 219, 239), OxyColor.FromRgb(107, 174, 214), OxyColor.FromRgb(33, 113, 181),
            OxyColor.FromRgb(8, 48, 107),
        ];

    /// <summary>A PNG.</summary>
    /// <param name="confusion">The counts.</param>
    /// <param name="names">Each scene's name, in the order of its scenes.</param>
    /// <param name="title">Above the picture.</param>
    public static byte[] Draw(SceneConfusion confusion, IReadOnlyList<string> names, string title)
    {
        int scenes = confusion.Scenes.Count, side = Math.Max(scenes, 12) * Cell;
        var plot = new PlotModel
        {
            Background = OxyColors.White,
            Title = title,
            TitleFontSize = 18,
            Subtitle = "percent of each row's captions",
            PlotMargins = new OxyThickness(Labels, 0, 110, Labels),
        };
        plot.Axes.Add(Names(names, AxisPosition.Bottom, "scene of the first image found"));
        CategoryAxis rows = Names(names, AxisPosition.Left, "scene of the caption's own image");
        (rows.StartPosition, rows.EndPosition) = (1, 0); // the first scene on top, so that the diagonal falls
        plot.Axes.Add(rows);
        plot.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Palette = OxyPalette.Interpolate(256, Blues),
            Minimum = 0,
            Maximum = 1,
            MajorStep = 0.2,
            StringFormat = "0 %",
            FontSize = 13,
            AxisDistance = 12,
        });

        var shares = new double[scenes, scenes];
        for (int scene = 0; scene < scenes; scene++)
        {
            for (int found = 0; found < scenes; found++)
            {
                double share = confusion.Share(scene, found);
                shares[found, scene] = share; // across, then down
                if (share >= MinWritten) plot.Annotations.Add(Written(share, found, scene));
            }
        }

        plot.Series.Add(new HeatMapSeries
        {
            X0 = 0,
            X1 = scenes - 1,
            Y0 = 0,
            Y1 = scenes - 1,
            Data = shares,
            Interpolate = false,
            RenderMethod = HeatMapRenderMethod.Rectangles,
        });
        using var png = new MemoryStream();
        // shaping would need HarfBuzz's natives
        new PngExporter { Width = Labels + 110 + side, Height = Labels + Titles + side, UseTextShaping = false }.Export(plot, png);
        return png.ToArray();
    }

    private static CategoryAxis Names(IReadOnlyList<string> names, AxisPosition position, string title)
    {
        var axis = new CategoryAxis
        {
            Position = position, Title = title, TitleFontSize = 15, FontSize = 13, Angle = position == AxisPosition.Bottom ? -90 : 0,
            AxisTitleDistance = 8, MajorTickSize = 0, MinorTickSize = 0,
        };
        axis.Labels.AddRange(names);
        return axis;
    }

    private static TextAnnotation Written(double share, int column, int row) => new()
    {
        Text = (100 * share).ToString("F0", CultureInfo.InvariantCulture),
        TextPosition = new DataPoint(column, row),
        FontSize = 12,
        StrokeThickness = 0,
        TextColor = share > 0.5 ? OxyColors.White : OxyColors.Black,
        TextHorizontalAlignment = HorizontalAlignment.Center,
        TextVerticalAlignment = VerticalAlignment.Middle,
    };
}
