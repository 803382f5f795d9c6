/**
 * What is see-through in a picture: from the same picture on black and on white (Smith, Blinn, SIGGRAPH 1996, 259). A colour c
 * of opacity a is a c on black, a c + 1 − a on white. The drawing itself tells neither: a surface blends the colour of the
 * background in, whose opacity is nought.
 *
 * @param {Uint8ClampedArray} black RGBA, 0 to 255, of the picture on black; it takes the result
 * @param {Uint8ClampedArray} white of the same on white
 */
export function matte(black, white) {
  for (let place = 0; place < black.length; place += 4) {
    let through = 0;
    for (let channel = 0; channel < 3; channel += 1) through += (white[place + channel] ?? 0) - (black[place + channel] ?? 0);
    const opacity = Math.min(1, Math.max(0, 1 - through / 765));
    for (let channel = 0; channel < 3; channel += 1) black[place + channel] = opacity > 0 ? (black[place + channel] ?? 0) / opacity : 0;
    black[place + 3] = 255 * opacity;
  }
}
