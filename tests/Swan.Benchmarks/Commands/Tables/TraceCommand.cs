using System.CommandLine;
using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Swan.MLNet.Imaging;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Scheduling;

namespace Swan.Benchmarks.Commands;

/// <summary>Where the processor time of a row goes, from its JPEG file to its embedding in a pipeline.</summary>
internal static class TraceCommand
{
    private const int Quality = 90, Turns = 7, Encoded = 8;
    private static readonly (int Side, int Rows)[] Sizes = [(224, 256), (1024, 32), (5000, 4)];

    public static Command Create()
    {
        var command = new Command("trace", "Where the processor time of a row goes, from its file to its embedding.")
        {
            SharedOptions.Model, SharedOptions.Images, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(
            parsed.GetRequiredValue(SharedOptions.Model), parsed.GetRequiredValue(SharedOptions.Images),
            parsed.GetValue(SharedOptions.Json), cancellation)));
        return command;
    }

    private static int Execute(string path, string images, string? json, CancellationToken cancellation)
    {
        using SwanModel model = SwanModel.Open(path);
        string[] paths = ImageRows.Choose(images, 256);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("swan-benchmarks-");
        try
        {
            var traces = Sizes.Select(size =>
            {
                cancellation.ThrowIfCancellationRequested();
                string file = Path.Combine(folder.FullName, $"{size.Side}.jpg");
                File.WriteAllBytes(file, LargePictures.Mosaic(paths, 0, size.Side, SKEncodedImageFormat.Jpeg, Quality));
                return (size.Side, Stages: Trace(model, file, size.Rows));
            }).ToArray();
            string scale = model.Card.Image.Decode == ImageDecode.Scaled ? "scaled" : "in full";
            Report.Table(
                [$"processor ms a row, medians; decoded {scale}", .. traces.Select(t => $"{t.Side}×{t.Side}")],
                traces[0].Stages.Select((stage, i) => (string[])[stage.Name, .. traces.Select(t => $"{t.Stages[i].Milliseconds:F3}")]));
            Report.Write(json, "trace", new
            {
                model = model.Card.Name, decode = scale, turns = Turns,
                traces = traces.Select(t => new { t.Side, stages = t.Stages.ToDictionary(s => s.Name, s => s.Milliseconds) }),
            });
            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Name, double Milliseconds)[] Trace(SwanModel model, string path, int rows)
    {
        byte[] file = File.ReadAllBytes(path), room = new byte[file.Length + 64];
        var kept = new KeptBytes(room);
        PictureHeader header = JpegSegments.Keep(file, kept, path).ScaledFor(model.Decoding);
        byte[] codes = room[..kept.Length];
        ImagePreprocessing preprocessing = model.Card.Image;
        RgbImage picture = SkiaDecoder.Decode(codes, header, path, model.Decoding);
        (picture.Columns, picture.Rows) = header.Sides;
        byte[] pixels = new byte[preprocessing.ByteCount];
        ImagePreprocessor.Prepare(picture, preprocessing, pixels);
        var small = new RgbImage(preprocessing.Size, preprocessing.Size, pixels);

        var ml = new MLContext();
        IDataView data = ImageRows.Stream(ml, [path], rows);
        ITransformer pipeline = ml.Transforms.SwanEmbedding("Embedding", nameof(ImageRow.ImagePath), model).Fit(data);
        (string Name, int Count, Action Work)[] stages =
        [
            ("reading the file", rows, () => File.ReadAllBytes(path)),
            ("its parts, without what is no picture", rows, () =>
            {
                // The first time counts what is kept.
                JpegSegments.Keep(file, new KeptBytes(), path);
                JpegSegments.Keep(file, new KeptBytes(room), path);
            }),
            ("looking for damage in its codes", rows, () => JpegCheck.ThrowIfDamaged(codes, path, ImageDecodingOptions.Default)),
            ("decoding", rows, () =>
            {
                using DecodeTurn turn = DecodeTurn.Begin(CancellationToken.None);
                SkiaDecoder.Decode(codes, header, path, model.Decoding);
            }),
            ("resizing", rows, () => ImagePreprocessor.Prepare(picture, preprocessing, pixels)),
            ($"encoding, {Encoded} in a run", rows, () => model.EmbedImages(Encoded, _ => small, batchSize: Encoded)),
            ("the pipeline, all of this", 1, () => _ = pipeline.Transform(data).GetColumn<float[]>("Embedding").Count()),
        ];
        var times = stages.Select(_ => new List<double>()).ToArray();
        for (int turn = -1; turn < Turns; turn++)
        {
            for (int i = 0; i < stages.Length; i++)
            {
                TimeSpan start = Environment.CpuUsage.TotalTime;
                for (int n = 0; n < stages[i].Count; n++) stages[i].Work();
                if (turn >= 0) times[i].Add((Environment.CpuUsage.TotalTime - start).TotalMilliseconds / rows);
            }
        }
        // A run of the encoder has several images.
        double[] medians = [.. times.Select((t, i) => Report.Median(t) / (i == stages.Length - 2 ? Encoded : 1))];
        return
        [
            .. stages.Select((stage, i) => (stage.Name, medians[i])),
            ("what the pipeline adds", medians[^1] - medians[..^1].Sum()),
        ];
    }
}
