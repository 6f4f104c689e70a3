namespace Swan.MLNet.Datasets;

/// <summary>Finds out which layout a folder has.</summary>
internal static class DataFolder
{
    public static (CaptionedImageSet Train, CaptionedImageSet? Validation) Open(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (!Directory.Exists(directory)) throw Fault(directory, "there is no such folder.");
        string images = new[] { Path.Combine(directory, "images"), Path.Combine(directory, "..", "images") }
            .FirstOrDefault(Directory.Exists) ?? directory;

        string Inside(string name) => Path.Combine(directory, name);
        if (File.Exists(Inside("train.jsonl")))
        {
            return Both(() => JsonLinesReader.Read(Inside("train.jsonl"), images),
                File.Exists(Inside("val.jsonl")) ? () => JsonLinesReader.Read(Inside("val.jsonl"), images) : null);
        }

        string? karpathy =
            new[] { Inside("dataset_rsicd.json"), Inside("dataset_rsitmd.json"), Inside("dataset.json") }.FirstOrDefault(File.Exists);
        if (karpathy is not null)
        {
            return Both(() => RsicdJsonReader.Read(karpathy, images, "train"),
                RsicdJsonReader.HasSplit(karpathy, "val") ? () => RsicdJsonReader.Read(karpathy, images, "val") : null);
        }

        if (File.Exists(Inside("train_caps.txt")))
        {
            return Both(
                () => PrecomputedReader.Read(Inside("train_caps.txt"), Inside("train_filename.txt"), images),
                File.Exists(Inside("val_caps.txt"))
                    ? () => PrecomputedReader.Read(Inside("val_caps.txt"), Inside("val_filename.txt"), images)
                    : null);
        }

        throw Fault(directory,
            "it has no train.jsonl, dataset_rsicd.json or train_caps.txt, so its layout is not one of the three that are read.");
    }

    // The problems of both files come together.
    private static (CaptionedImageSet, CaptionedImageSet?) Both(Func<CaptionedImageSet> train, Func<CaptionedImageSet>? validation)
    {
        var faults = new List<DataFault>();
        CaptionedImageSet? first = Try(train), second = validation is null ? null : Try(validation);
        // What is wrong with a file that both are read from is told once.
        return faults.Count == 0 ? (first!, second) : throw new SwanDataException([.. faults.Distinct()]);

        CaptionedImageSet? Try(Func<CaptionedImageSet> read)
        {
            try
            {
                return read();
            }
            catch (SwanDataException e)
            {
                faults.AddRange(e.Faults);
                return null;
            }
        }
    }

    private static SwanDataException Fault(string file, string problem) => new([new DataFault(file, 0, problem)]);
}
