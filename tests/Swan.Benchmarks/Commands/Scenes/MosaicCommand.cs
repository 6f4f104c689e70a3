using System.CommandLine;
using Swan.Benchmarks.Scenes;
using Swan.Cli.Options;
using Swan.MLNet.Datasets;

namespace Swan.Benchmarks.Commands;

/// <summary>Writes a large GeoTIFF with images planted at known places, for <see cref="SceneRecallCommand"/>.</summary>
internal static class MosaicCommand
{
    // 224 pixels are 320 meters.
    public const double MetersPerPixel = 320.0 / Mosaic.Cell;

    private static readonly Option<string> Data =
        new("--data") { Description = "Images with scenes, JSON lines; ones that the model has not learned.", Required = true };
    private static readonly Option<string> Out = new("--out") { Description = "GeoTIFF to write; the places go into .json beside it.",
        Required = true };
    private static readonly NumberOption<int> Side = SharedOptions.AtLeastOne(
        new NumberOption<int>("--side") { Description = "Columns, and rows.", DefaultValueFactory = _ => 10_240 });
    private static readonly NumberOption<double> Scale = new("--scale")
    {
        Description = "Planted images are this many times as large as they are.", DefaultValueFactory = _ => 1,
    };

    public static Command Create()
    {
        var command = new Command("mosaic",
            "Writes a scene of plain land with bridges, airports, stadiums and storage tanks planted in it.")
        {
            Data, SharedOptions.Images, Out, Side, Scale,
        };
        command.SetAction((parsed, cancellation) =>
        {
            CaptionedImageSet images = JsonLinesReader.Read(parsed.GetRequiredValue(Data), parsed.GetRequiredValue(SharedOptions.Images));
            var planted = SceneRecallCommand.Queries.ToDictionary(q => q.Scene, _ => SceneRecallCommand.Planted);
            new Mosaic(images, parsed.GetValue(Side), planted, parsed.GetValue(Scale))
                .Write(parsed.GetRequiredValue(Out), MetersPerPixel, cancellation);
            return Task.FromResult(0);
        });
        return command;
    }
}
