using System.CommandLine;
using SkiaSharp;
using Swan.Cli.Bench;
using Swan.Cli.Options;
using Swan.MLNet.Imaging;
using Swan.MLNet.Scheduling;

namespace Swan.Benchmarks.Commands;

/// <summary>Processor time of an image from its bytes to the encoder's input: in full, scaled, and by parts.</summary>
internal static class DecodingCommand
{
    // What is compiled in between is compiled again, faster.
    private const int NotCounted = 3;

    private const int Quality = 90;
    private const double LeastMilliseconds = 150;
    private static readonly int[] Sides = [224, 1024, 2048, 5000];
    private static readonly (string Name, Func<string[], int, int, byte[]> Make)[] Formats =
    [
        .. new[] { SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Png, SKEncodedImageFormat.Webp }.Select(format =>
            ($"{format}", (Func<string[], int, int, byte[]>)((paths, first, side) =>
                LargePictures.Mosaic(paths, first, side, format, Quality)))),
        ("Tiff", LargePictures.Tiff),
    ];
    private static readonly NumberOption<int> Turns = SharedOptions.AtLeastOne(new NumberOption<int>("--turns")
    {
        Description = "Measurements of each, in turns, after some that aren't counted.",
        DefaultValueFactory = _ => 5,
    });

    private static readonly NumberOption<int> Input = SharedOptions.AtLeastOne(new NumberOption<int>("--input")
    {
        Description = "Side of the encoder's input.",
        DefaultValueFactory = _ => 160,
    });

    public static Command Create()
    {
        var command = new Command("decoding", "Processor time from an image's bytes to the encoder's input, in full and scaled.")
        {
            SharedOptions.Images, Input, Turns, SharedOptions.Json,
        };
        command.SetAction((parsed, cancellation) => Task.FromResult(Execute(
            parsed.GetRequiredValue(SharedOptions.Images), parsed.GetValue(Input), parsed.GetValue(Turns),
            parsed.GetValue(SharedOptions.Json), cancellation)));
        return command;
    }

    private static int Execute(string folder, int input, int turns, string? json, CancellationToken cancellation)
    {
        string[] paths = ImageRows.Choose(folder, 256);
        var use = new ProcessorUse();
        var rows = new List<DecodingTime>();
        foreach (int side in Sides)
        {
            foreach ((string format, Func<string[], int, int, byte[]> make) in side > 1024 ? Formats[..1] : Formats)
            {
                cancellation.ThrowIfCancellationRequested();
                byte[][] files = [.. Enumerable.Range(0, Math.Max(2, 4096 / side)).Select(i => make(paths, 17 * i, side))];
                rows.Add(Measure($"{format} {side}×{side}", files, input, turns));
            }
        }

        Console.WriteLine($"  {turns} turns; others used {use.OthersShare():P0} of the processors.");
        Report.Table(
            ["processor ms an image, medians", "KB", "full", "scaled", "scaled/full", "MB full", "MB scaled", "walk", "codec", "resizing"],
            rows.Select(r => (string[])
            [
                r.Name, $"{r.Kilobytes:F0}", $"{r.Full:F3}", $"{r.Scaled:F3}", $"{r.Scaled / r.Full:F2}", $"{r.FullMegabytes:F1}",
                $"{r.ScaledMegabytes:F1}", r.Walk is null ? "" : $"{r.Walk:F3}", r.Codec is null ? "" : $"{r.Codec:F3}", $"{r.Resizing:F3}",
            ]));
        Report.Write(json, "decoding", new { input, turns, othersShare = use.OthersShare(), rows });
        return 0;
    }

    private static DecodingTime Measure(string name, byte[][] files, int input, int turns)
    {
        ImagePreprocessing full = new() { Size = input }, scaled = full with { Decode = ImageDecode.Scaled };
        byte[] pixels = new byte[full.ByteCount];
        (byte[] Bytes, PictureHeader Header)[] kept = [.. files.Select(Kept)];
        bool isJpeg = JpegSegments.IsJpeg(files[0]);
        RgbImage[] pictures = [.. files.Take(2).Select(f => ImageDecoder.Decode(f, name))];
        Action<int>[] parts =
        [
            i => Prepare(files[i], name, full, pixels),
            i => Prepare(files[i], name, scaled, pixels),
            i =>
            {
                if (isJpeg) JpegCheck.ThrowIfDamaged(kept[i].Bytes, name, ImageDecodingOptions.Default);
            },
            i =>
            {
                using DecodeTurn turn = DecodeTurn.Begin(CancellationToken.None);
                if (isJpeg) SkiaDecoder.Decode(kept[i].Bytes, kept[i].Header, name, ImageDecodingOptions.Default);
            },
            i => ImagePreprocessor.Prepare(pictures[i % pictures.Length], full, pixels),
        ];
        long[] charged = [Prepare(files[0], name, full, pixels), Prepare(files[0], name, scaled, pixels)];
        var times = parts.Select(_ => new List<double>()).ToArray();
        for (int turn = -NotCounted; turn < turns; turn++)
        {
            for (int part = 0; part < parts.Length; part++)
            {
                double time = Time(parts[part], files.Length);
                if (turn >= 0) times[part].Add(time);
            }
        }
        double[] medians = [.. times.Select(Report.Median)];
        return new(name, files.Average(f => f.Length / 1024.0), medians[0], medians[1], charged[0] / 1048576.0, charged[1] / 1048576.0,
            isJpeg ? medians[2] : null, isJpeg ? medians[3] : null, medians[4]);
    }

    // As the pipeline does it: within a turn, whose picture is in pooled memory.
    private static long Prepare(byte[] file, string name, ImagePreprocessing preprocessing, byte[] pixels)
    {
        using DecodeTurn turn = DecodeTurn.Begin(CancellationToken.None);
        ImagePreprocessor.Prepare(
            ImageDecoder.Decode(file, name, new ImageDecodingOptions().For(preprocessing)), preprocessing, pixels);
        return DecodeTurn.Charged;
    }

    private static (byte[] Bytes, PictureHeader Header) Kept(byte[] file)
    {
        if (!JpegSegments.IsJpeg(file)) return ([], default);
        byte[] room = new byte[file.Length + 64];
        var kept = new KeptBytes(room);
        PictureHeader header = JpegSegments.Keep(file, kept, "picture");
        return (room[..kept.Length], header);
    }

    private static double Time(Action<int> part, int files)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        int done = 0;
        double spent;
        do
        {
            for (int i = 0; i < files; i++, done++) part(i);
            spent = (Environment.CpuUsage.TotalTime - start).TotalMilliseconds;
        }
        while (spent < LeastMilliseconds && done < 1_000_000);
        return spent / done;
    }
}
