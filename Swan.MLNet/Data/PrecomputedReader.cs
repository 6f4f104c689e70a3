namespace Swan.MLNet.Data;

/// <summary>Reads the reference's layout: <c>*_caps.txt</c>, one caption a line, and <c>*_filename.txt</c>, the image's name once for each of its captions.</summary>
public static class PrecomputedReader
{
    /// <summary>Reads a pair of files.</summary>
    /// <param name="captionFile">One caption a line.</param>
    /// <param name="nameFile">As many lines; the captions of one image follow each other.</param>
    /// <param name="imageFolder">Where the images are.</param>
    /// <exception cref="SwanDataException">The files don't fit each other, or images are missing; all problems are reported.</exception>
    public static CaptionedImageSet Read(string captionFile, string nameFile, string imageFolder)
    {
        string[] captions = DataFaults.Open(captionFile, () => File.ReadAllLines(captionFile));
        string[] names = DataFaults.Open(nameFile, () => File.ReadAllLines(nameFile));
        var faults = new DataFaults();
        if (captions.Length != names.Length)
            faults.Add(nameFile, 0, $"it has {names.Length} lines, but '{captionFile}' has {captions.Length}; each caption needs its image's name.");

        var images = new List<CaptionedImage>();
        for (int start = 0; start < Math.Min(names.Length, captions.Length);)
        {
            int end = start + 1;
            while (end < names.Length && names[end] == names[start]) end++;
            int last = Math.Min(end, captions.Length);
            if (faults.Image(nameFile, start + 1, names[start].Trim(), null, captions[start..last], imageFolder) is { } image) images.Add(image);
            start = end;
        }

        faults.ThrowIfAny();
        return new CaptionedImageSet(images, Path.GetFileName(captionFile));
    }
}
