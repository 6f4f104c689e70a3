using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML.Data;
using Swan.Cli.Display;
using Swan.Cli.Options;
using Swan.Cli.Outcomes;
using Swan.MLNet;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;

namespace Swan.Cli.Commands;

/// <summary><c>swan inspect</c>: what an image file holds, and what of it a model sees.</summary>
internal static class InspectCommand
{
    private static readonly Argument<string> Image = new("image") { Description = "Image file." };
    private static readonly Option<string?> Model = SharedOptions.OptionalModel();
    private static readonly PictureOptions Pictures = new();
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Also write the picture that the model sees, as PNG.", HelpName = "file.png",
    };
    private static readonly Option<bool> Json = SharedOptions.Json();

    public static Command Create() =>
        new DocumentedCommand("inspect", "Shows how an image is read: its bands, the range of its samples, and why.",
            "swan inspect scene.tif --out preview.png")
            .With(Image).With("Input", Model).With(PictureOptions.Heading, Pictures.All).With("Output", Out, Json).Runs(Execute);

    private static int Execute(ParseResult parsed, CancellationToken cancellation)
    {
        string path = parsed.GetRequiredValue(Image);
        string? preview = parsed.GetValue(Out);
        if (preview is not null) ModelFile.CheckOutput(preview, "preview.png");
        ModelCard card = (parsed.GetValue(Model) is { } model ? SwanModelFile.Read(model) : SwanModelFile.Default).Card;
        RgbImage image = ImageDecoder.Decode(path, Pictures.Read(parsed).For(card.Image));
        cancellation.ThrowIfCancellationRequested();
        if (preview is not null) WritePreview(image, card.Image, preview);
        ImageReading reading = image.Reading!;
        if (parsed.GetValue(Json)) JsonOutput.Write(ToJson(path, card, reading));
        else foreach ((string name, string text) in Lines(path, card, reading)) Console.WriteLine($"{name,-13}{text}");
        return ExitCode.Done;
    }

    private static void WritePreview(RgbImage image, ImagePreprocessing preprocessing, string path)
    {
        int side = preprocessing.Size;
        byte[] pixels = new byte[preprocessing.ByteCount];
        ImagePreprocessor.Prepare(image, preprocessing, pixels);
        byte[] rgba = new byte[side * side * 4];
        for (int i = 0; i < side * side; i++)
        {
            pixels.AsSpan(i * 3, 3).CopyTo(rgba.AsSpan(i * 4));
            rgba[i * 4 + 3] = byte.MaxValue;
        }

        using MLImage picture = MLImage.CreateFromPixels(side, side, MLPixelFormat.Rgba32, rgba);
        AtomicFile.Write(path, stream =>
        {
            // MLImage writes to names only.
            string temporary = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
            try
            {
                picture.Save(temporary);
                stream.Write(File.ReadAllBytes(temporary));
            }
            finally
            {
                File.Delete(temporary);
            }
        });
    }

    private static IEnumerable<(string Name, string Text)> Lines(string path, ModelCard card, ImageReading reading)
    {
        yield return ("image", path);
        yield return ("format", $"{reading.Format}, {reading.Width}×{reading.Height} pixels, "
            + $"{reading.Bits}-bit {reading.SampleType}");
        if (reading.Eighths < 8) yield return ("decoded", Text($"in {reading.Eighths}/8 of its width and height"));
        yield return ("orientation", reading.Orientation == 1 ? "1 (upright)" : Text($"{reading.Orientation} (turned upright)"));
        if (reading.Bands is { } bands)
            yield return ("bands", Text($"{string.Join(", ", reading.BandsTaken)} of {bands} ({reading.BandsFrom.Text()})"));
        yield return ("range", reading is { Low: { } low, High: { } high }
            ? Text($"{low} is black, {high} is white ({reading.RangeText})")
            : "8-bit samples are used as they are");
        if (reading.OverviewWidth is { } width) yield return ("", Text($"percentiles of an overview of {width} columns"));
        yield return ("no data", reading.NoData is { } noData ? Text($"{noData}") : "no value");
        yield return ("mask", (reading.HasMask, reading.HasAlpha) switch
        {
            (true, true) => "a mask and an alpha band",
            (true, false) => "a mask",
            (false, true) => "an alpha band",
            _ => "none",
        });
        yield return ("valid", Text($"{reading.ValidShare:P1} of the samples"));
        yield return ("model", $"{card.Name}: {card.Image.Size}×{card.Image.Size} pixels, range '{card.Image.Range}'");
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static JsonObject ToJson(string path, ModelCard card, ImageReading reading) => new()
    {
        ["image"] = path,
        ["format"] = reading.Format,
        ["width"] = reading.Width,
        ["height"] = reading.Height,
        ["eighths"] = reading.Eighths,
        ["orientation"] = reading.Orientation,
        ["bits"] = reading.Bits,
        ["sampleType"] = reading.SampleType,
        ["bands"] = reading.Bands,
        ["bandsTaken"] = new JsonArray([.. reading.BandsTaken.Select(b => JsonValue.Create(b))]),
        ["bandsFrom"] = Name(reading.BandsFrom),
        ["rangeFrom"] = Name(reading.RangeFrom),
        ["low"] = reading.Low,
        ["high"] = reading.High,
        ["percentiles"] = reading.Percentiles?.ToString(),
        ["overviewWidth"] = reading.OverviewWidth,
        // JSON has no NaN.
        ["noData"] = reading.NoData is { } noData ? noData.ToString(CultureInfo.InvariantCulture) : null,
        ["hasMask"] = reading.HasMask,
        ["hasAlpha"] = reading.HasAlpha,
        ["validShare"] = reading.ValidShare,
        ["model"] = card.Name,
        ["modelSize"] = card.Image.Size,
        ["modelRange"] = card.Image.Range.ToString(),
    };

    private static string Name<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
