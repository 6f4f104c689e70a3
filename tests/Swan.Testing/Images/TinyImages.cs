using Microsoft.ML.Data;

namespace Swan.Testing;

/// <summary>Small PNG files with reproducible noise, each different.</summary>
public static class TinyImages
{
    public static string Write(string folder, string name, int seed, int width = 20, int height = 14)
    {
        string path = Path.Combine(folder, name);
        using MLImage image = Create(seed, width, height);
        image.Save(path);
        return path;
    }

    public static MLImage Create(int seed, int width = 20, int height = 14)
    {
        byte[] pixels = new byte[width * height * 4];
        new Random(seed).NextBytes(pixels);
        for (int i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
    }
}
