using Swan.MLNet.Datasets;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Display;

/// <summary>Says which images of a training set's file are neither for training, nor validation, nor test.</summary>
internal static class UnusedSplits
{
    private static readonly string[] s_usual = ["train", "val", "test"];

    public static void Say(CaptionedImageSet train)
    {
        foreach ((string split, int images) in train.OtherSplits.Where(s => !s_usual.Contains(s.Key)))
        {
            Console.Error.WriteLine($"swan: {Counted.Of(images, "image")} of the split '{split}' {Counted.Verb(images)} not used. To train "
                + $"on {Counted.Verb(images, "it", "them")}, change their split to 'train'.");
        }
    }
}
