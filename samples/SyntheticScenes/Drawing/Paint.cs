using SkiaSharp;

namespace SyntheticScenes;

/// <summary>A color and the words that captions use for it.</summary>
internal readonly record struct Paint(string Word, uint Rgb)
{
    public static readonly Paint
        White = new("white", 0xF1F0EA), Gray = new("grey", 0x96979B), Red = new("red", 0xB4403A), Blue = new("blue", 0x3B6BA6),
        Yellow = new("yellow", 0xE2BC46),
        Orange = new("orange", 0xDB7C34), Brown = new("brown", 0x7C563B), Green = new("green", 0x4B8C55), Black = new("black", 0x2A2C32);

    /// <summary>What any scene may stand on, so that the ground tells nothing about the scene.</summary>
    public static readonly Paint[] Grounds =
    [
        new("green grass", 0x70894F), new("brown soil", 0x8D7053), new("yellow sand", 0xCBB788), new("grey gravel", 0xA3A199),
        new("white snow", 0xE4E7EA),
    ];

    /// <summary>What any water may look like.</summary>
    public static readonly Paint[] Waters = [new("blue", 0x3F7299), new("green", 0x4C7F74), new("dark", 0x2C4356), new("muddy", 0x8C7E5F)];

    public SKColor Color => new(0xFF000000 | Rgb);
}
