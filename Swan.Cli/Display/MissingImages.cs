using Swan.MLNet.Datasets;
using Swan.MLNet.Numerics;

namespace Swan.Cli.Display;

/// <summary>Says how many images of a data set are not there, if that was allowed.</summary>
internal static class MissingImages
{
    public static void Say(CaptionedImageSet set)
    {
        if (set.MissingImages == 0) return;
        Console.Error.WriteLine($"swan: {Counted.Of(set.MissingImages, "image")} of {set.Name} {Counted.Verb(set.MissingImages)} not there "
            + $"and left out. {Counted.Of(set.Images.Count, "image remains", "images remain")}.");
    }
}
